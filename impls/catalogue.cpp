#include "impls/catalogue.hpp"

#include <algorithm>
#include <cmath>
#include <new>

#include "catalogue_entries.hpp"

namespace audit::impls {

const std::vector<Implementation>& catalogue() {
  static const std::vector<Implementation> all = [] {
    std::vector<Implementation> made;
    for (const Entry& entry : entries) {
      Implementation implementation = entry.make ? entry.make() : Implementation{};
      implementation.name = entry.name;
      implementation.absent = entry.absent;
      made.push_back(std::move(implementation));
    }
    return made;
  }();
  return all;
}

const Implementation* find(std::string_view name) {
  const auto& all = catalogue();
  const auto it = std::ranges::find(all, name, &Implementation::name);
  return it == all.end() ? nullptr : &*it;
}

namespace {

/// An array in a format's storage, on a cache line of its own.
class Packed {
 public:
  Packed(const Format& format, std::size_t size)
      : format_(format), size_(size), bytes_((size + 1) * format.bytes), memory_(::operator new(bytes_, alignment)) {}
  Packed(const Packed&) = delete;
  Packed& operator=(const Packed&) = delete;
  ~Packed() { ::operator delete(memory_, alignment); }

  void* data() { return memory_; }
  void set(std::size_t i, std::uint64_t bits) { store_bits(format_, bits, memory_, i); }
  [[nodiscard]] std::uint64_t bits(std::size_t i) const { return load_bits(format_, memory_, i); }

  void pack(const std::vector<double>& values) {
    for (std::size_t i = 0; i < size_; ++i) set(i, encode(format_, values[i]));
  }
  [[nodiscard]] bool holds(const std::vector<double>& values) const {
    for (std::size_t i = 0; i < size_; ++i)
      if (bits(i) != encode(format_, values[i])) return false;
    return true;
  }

 private:
  static constexpr std::align_val_t alignment{64};
  const Format& format_;
  std::size_t size_;
  std::size_t bytes_;
  void* memory_;
};

/// A contiguous batch of this one row, its arrays still to be set.
Call call_of(Map map, const Row& row) {
  const auto one_after_another = [](std::size_t size) { return Strides{static_cast<std::ptrdiff_t>(size), 1, 1}; };
  Call call;
  call.shape = {1, length(map, row), 1};
  call.x_stride = one_after_another(row.x.size());
  call.y_stride = one_after_another(outputs(map, call.shape.n));
  call.temperature = row.temperature;
  return call;
}

/// Asks once, `fill` in every element of the output beforehand.
Answer ask_over(std::uint64_t fill, const Implementation& implementation, const Format& format, const Row& row) {
  Call call = call_of(implementation.map, row);
  const std::size_t size = outputs(implementation.map, call.shape.n);
  Packed x(format, row.x.size()), y(format, size), operand(format, row.operand.size());
  auto target = row.target;
  auto tree = row.tree;
  x.pack(row.x);
  operand.pack(row.operand);
  for (std::size_t i = 0; i < size; ++i) y.set(i, fill);

  call.x = x.data();
  call.y = y.data();
  call.operand = row.operand.empty() ? nullptr : operand.data();
  call.target = target.empty() ? nullptr : target.data();
  call.tree = tree.empty() ? nullptr : tree.data();

  Answer answer;
  answer.status = implementation.prepare(format, call.shape)(call);
  for (std::size_t i = 0; i < size; ++i) {
    answer.y.push_back(decode(format, y.bits(i)));
    answer.written.push_back(y.bits(i) != fill);
  }
  answer.input_changed = !x.holds(row.x) || !operand.holds(row.operand) || target != row.target || tree != row.tree;
  return answer;
}

}  // namespace

Answer ask(const Implementation& implementation, const Format& format, const Row& row) try {
  Answer answer = ask_over(poison(format), implementation, format, row);
  const bool in_doubt = !format.infinities && answer.status == 0 && std::ranges::count(answer.written, false) > 0;
  if (in_doubt) {
    const Answer again = ask_over(encode(format, NAN), implementation, format, row);
    for (std::size_t i = 0; i < answer.written.size(); ++i) answer.written[i] = answer.written[i] || again.written[i];
  }
  return answer;
} catch (Accident& accident) {
  accident.row = row;
  throw;
}

}  // namespace audit::impls
