#pragma once

#include <cmath>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "impls/catalogue.hpp"
#include "reference/cases.hpp"
#include "reference/oracle.hpp"

namespace audit::bench::testing {

/// An answer to one row; an element without a value is not written.
using Row = std::vector<std::optional<double>>;
using Answers = std::function<Row(const impls::Format&, const impls::Row&)>;

/// A softmax that answers by a function of the row.
inline impls::Implementation answering(std::string name, Answers answers) {
  impls::Implementation made;
  made.name = std::move(name);
  made.formats = {impls::f64, impls::f32};
  made.version = "1";
  made.prepare = [answers = std::move(answers)](const impls::Format& format, const impls::Shape&) -> impls::Kernel {
    return [answers, format](const impls::Call& call) {
      for (std::size_t row = 0, n = call.shape.n; row < call.shape.outer; ++row) {
        impls::Row question;
        question.temperature = call.temperature;
        for (std::size_t i = 0; i < n; ++i)
          question.x.push_back(impls::decode(format, impls::load_bits(format, call.x, row * n + i)));
        const Row answer = answers(format, question);
        for (std::size_t i = 0; i < n; ++i)
          if (answer[i]) impls::store_bits(format, impls::encode(format, *answer[i]), call.y, row * n + i);
      }
      return 0;
    };
  };
  return made;
}

/// The correctly rounded answer.
inline Row rounded(const impls::Format& format, const impls::Row& question) {
  Row answer;
  for (const double y : reference::certify(impls::Map::softmax, format, question).rounded) answer.emplace_back(y);
  return answer;
}

/// Copies x to y: a number everywhere, which is all that a target without a claim is held to.
inline impls::Implementation idle(std::string name) {
  impls::Implementation made = answering(std::move(name), rounded);
  made.prepare = [](const impls::Format& format, const impls::Shape& shape) -> impls::Kernel {
    return [bytes = shape.outer * shape.n * format.bytes](const impls::Call& call) {
      std::memcpy(call.y, call.x, bytes);
      return 0;
    };
  };
  return made;
}

/// The shifted softmax with every operation rounded to the format.
inline Row shifted(const impls::Format& format, const impls::Row& question) {
  const auto round = [&](double value) { return impls::round_to(format, value); };
  double maximum = -INFINITY, sum = 0;
  for (const double x : question.x) maximum = std::max(maximum, x);
  const auto term = [&](double x) { return round(std::exp(round(round(x - maximum) / question.temperature))); };
  for (const double x : question.x) sum = round(sum + term(x));
  Row answer;
  for (const double x : question.x) answer.emplace_back(round(term(x) / sum));
  return answer;
}

/// Claims abs(got - y) ≤ units · u · abs(y), and the smallest subnormal more, on rows in `in_domain`.
inline void claim(impls::Implementation& target, double units,
                  std::function<bool(const impls::Row&, const impls::Format&)> in_domain = {}) {
  target.claim.bound = "a few u";
  target.claim.source = "made up for a test";
  target.claim.promises = impls::subnormals;
  target.claim.domain.contains = std::move(in_domain);
  target.claim.bounds = [units](const impls::Row& row, const impls::Format& format) {
    return std::vector<impls::Bound>(row.x.size(),
                                     {units * impls::unit_roundoff(format), impls::smallest_subnormal(format)});
  };
}

}  // namespace audit::bench::testing
