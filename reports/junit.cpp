#include "reports/junit.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <tinyxml2.h>

#include <algorithm>

#include "reports/gate.hpp"
#include "reports/gate_key.hpp"
#include "reports/text.hpp"

namespace audit::reports {
namespace {

/// XML 1.0 has no control characters and neither U+FFFE nor U+FFFF, escaped or not.
std::string xml_text(const std::string& text) {
  std::string clean = one_line(text);
  for (std::size_t at = 0; (at = clean.find("\xEF\xBF", at)) != std::string::npos; at += 3) {
    if (clean[at + 2] == '\xBE' || clean[at + 2] == '\xBF') clean[at + 2] = '\xBD';
  }
  return clean;
}

void attribute(tinyxml2::XMLPrinter& xml, const char* name, const std::string& text) {
  xml.PushAttribute(name, xml_text(text).c_str());
}

void write_case(tinyxml2::XMLPrinter& xml, const JunitCase& one) {
  xml.OpenElement("testcase");
  attribute(xml, "classname", one.classname);
  attribute(xml, "name", one.name);
  const std::string word(label(one.verdict));
  const std::string message = one.detail.empty() ? word : word + ": " + one.detail;
  if (fails(one.verdict)) {
    xml.OpenElement("failure");
    attribute(xml, "type", word);
    attribute(xml, "message", message);
    std::vector<std::string> lines;
    std::ranges::transform(one.lines, std::back_inserter(lines), xml_text);
    xml.PushText(fmt::format("{}", fmt::join(lines, "\n")).c_str());
    xml.CloseElement();
  } else if (one.verdict == Verdict::absent) {
    xml.OpenElement("skipped");
    attribute(xml, "message", message);
    xml.CloseElement();
  }
  xml.CloseElement();
}

JunitCase case_of(const Judged& judged) {
  const Entry& entry = judged.now ? *judged.now : *judged.before;
  return {junit_classname(entry.map, entry.format, entry.target),
          describe(key(entry)),
          judged.verdict,
          judged.detail,
          {judged.replay}};
}

}  // namespace

std::string junit_classname(const std::string& map, const std::string& format, const std::string& target) {
  std::string text;
  for (const std::string& part : {map, format, target})
    if (!part.empty()) text += text.empty() ? part : "." + part;
  return text;
}

std::string junit(const std::string& suite, const std::vector<JunitCase>& cases) {
  const auto count = [&](auto what) { return std::to_string(std::ranges::count_if(cases, what, &JunitCase::verdict)); };
  tinyxml2::XMLPrinter xml;
  xml.PushHeader(false, true);
  xml.OpenElement("testsuite");
  attribute(xml, "name", suite);
  attribute(xml, "tests", std::to_string(cases.size()));
  attribute(xml, "failures", count(fails));
  attribute(xml, "errors", "0");
  attribute(xml, "skipped", count([](Verdict verdict) { return verdict == Verdict::absent; }));
  for (const JunitCase& one : cases) write_case(xml, one);
  xml.CloseElement();
  return xml.CStr();
}

std::string junit(const GateResult& result) {
  std::vector<JunitCase> cases;
  const auto red = [](const Judged& judged) { return fails(judged.verdict); };
  if (fails(result.verdict) && std::ranges::none_of(result.keys, red))
    cases.push_back({"gate", "gate", result.verdict, result.note, {}});
  std::ranges::transform(result.keys, std::back_inserter(cases), case_of);
  return junit("softmax-audit gate", cases);
}

}  // namespace audit::reports
