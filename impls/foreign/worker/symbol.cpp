// A function of a shared object that knows nothing of plugin.h, called by its signature through libffi.

#include <ffi.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <stdexcept>
#include <vector>

#include "impls/foreign/signature.hpp"
#include "impls/foreign/worker/inside.hpp"
#include "impls/foreign/worker/library.hpp"

namespace audit::impls::foreign::worker {
namespace {

constexpr int unsupported = 1;

/// One argument, as libffi reads it.
union Value {
  void* pointer;
  std::int64_t integer;
  double real;
  float real32;
};

ffi_type* ffi_type_of(const Type& type) {
  switch (type.kind) {
    case Type::Kind::pointer:
      return &ffi_type_pointer;
    case Type::Kind::signed_integer:
      return type.bytes == 4 ? &ffi_type_sint32 : &ffi_type_sint64;
    case Type::Kind::unsigned_integer:
      return type.bytes == 4 ? &ffi_type_uint32 : &ffi_type_uint64;
    case Type::Kind::real:
      return type.bytes == 4 ? &ffi_type_float : &ffi_type_double;
  }
  return nullptr;
}

/// An array of a call: where it begins, and its strides in elements; dense ones where an axis has length 1.
struct Tensor {
  std::byte* first;
  std::size_t bytes;  ///< of an element
  std::ptrdiff_t outer, n, inner;

  [[nodiscard]] std::byte* at(std::ptrdiff_t o, std::ptrdiff_t j, std::ptrdiff_t i) const {
    return first + (o * outer + j * n + i * inner) * static_cast<std::ptrdiff_t>(bytes);
  }
};

struct Lengths {
  std::ptrdiff_t outer, n, inner;
};

Tensor tensor(const void* first, std::size_t bytes, const Lengths& shape, const ptrdiff_t* stride) {
  return {static_cast<std::byte*>(const_cast<void*>(first)), bytes,
          shape.outer == 1 ? shape.n * shape.inner : stride[0], shape.n == 1 ? shape.inner : stride[1],
          shape.inner == 1 ? 1 : stride[2]};
}

void copy(const Tensor& from, const Tensor& to, const Lengths& shape) {
  for (std::ptrdiff_t o = 0; o < shape.outer; ++o)
    for (std::ptrdiff_t j = 0; j < shape.n; ++j)
      for (std::ptrdiff_t i = 0; i < shape.inner; ++i) std::memcpy(to.at(o, j, i), from.at(o, j, i), from.bytes);
}

/// An argument as libffi reads it; nullopt: the type does not hold it.
std::optional<Value> packed(const Type& type, double number) {
  Value value{};
  if (type.kind != Type::Kind::real) {
    // Lengths and strides are positive: what the signed type holds, the unsigned one does, and in the same bits.
    if (type.bytes == 4 && number > std::numeric_limits<std::int32_t>::max()) return std::nullopt;
    value.integer = static_cast<std::int64_t>(number);
  } else if (type.bytes == 8) {
    value.real = number;
  } else {
    value.real32 = static_cast<float>(number);
    if (!(value.real32 > 0) || std::isinf(value.real32)) return std::nullopt;
  }
  return value;
}

class Symbol : public Inside {
 public:
  Symbol(const std::string& path, const std::string& declaration)
      : signature_(read_signature(declaration)), library_(path), file_(path.substr(path.rfind('/') + 1)) {
    function_ = library_.symbol(signature_.symbol);
    if (!function_)
      throw std::runtime_error("has no symbol " + signature_.symbol + "; 'nm -D' names those that it exports");
    for (const Parameter& parameter : signature_.parameters) types_.push_back(ffi_type_of(parameter.type));
    ffi_type* const returned = signature_.gives_status ? &ffi_type_sint : &ffi_type_void;
    const auto count = static_cast<unsigned>(types_.size());
    if (ffi_prep_cif(&interface_, FFI_DEFAULT_ABI, count, returned, types_.data()) != FFI_OK)
      throw std::runtime_error("cannot be called by libffi with this signature");
  }

  void describe(Description& description) const override {
    description.count = 1;
    put(description.library, file_.c_str(), "the name of the file");
    put(description.version, "unversioned", "the version");
    Described& described = description.functions[0];
    put(described.name, signature_.symbol.c_str(), "the name of the function");
    described.map = static_cast<std::int32_t>(signature_.map);
    described.format = static_cast<std::int32_t>(std::ranges::find(formats, signature_.format) - formats.begin());
    described.promises = (signature_.in_place() ? unsigned{in_place} : 0) | (any_strides() ? unsigned{strided} : 0);
  }

  int run(std::uint32_t, const softmax_audit_call& call) const override {
    if (call.temperature != 1 && !takes(Meaning::temperature)) return unsupported;
    const Lengths shape{static_cast<std::ptrdiff_t>(call.shape[0]), static_cast<std::ptrdiff_t>(call.shape[1]),
                        static_cast<std::ptrdiff_t>(call.shape[2])};
    const Lengths results{shape.outer, traits(signature_.map).one_number_out ? 1 : shape.n, shape.inner};
    const Tensor x = tensor(call.x, signature_.format.bytes, shape, call.x_stride);
    const Tensor y = tensor(call.y, signature_.format.bytes, results, call.y_stride);
    if (!fits(y, results, Meaning::y_row_stride, Meaning::y_stride)) return unsupported;
    if (signature_.in_place()) {
      if (call.x != call.y) copy(x, y, shape);
      return run(y, y, shape, call.temperature);
    }
    const bool alike = (!takes(Meaning::row_stride) || x.outer == y.outer) && (!takes(Meaning::stride) || x.n == y.n);
    if (!alike || !fits(x, shape, Meaning::x_row_stride, Meaning::x_stride)) return unsupported;
    return run(x, y, shape, call.temperature);
  }

 private:
  [[nodiscard]] bool takes(Meaning meaning) const { return signature_.takes(meaning); }

  /// Whether every layout can be told to the function.
  [[nodiscard]] bool any_strides() const {
    const auto told = [&](Meaning of_x, Meaning of_y, Meaning of_both) {
      return (takes(of_x) && takes(of_y)) || (signature_.in_place() && (takes(of_y) || takes(of_both)));
    };
    return told(Meaning::x_stride, Meaning::y_stride, Meaning::stride) &&
           (!takes(Meaning::outer) || told(Meaning::x_row_stride, Meaning::y_row_stride, Meaning::row_stride));
  }

  /// Whether the function can be told of this layout, or takes it for granted.
  [[nodiscard]] bool fits(const Tensor& array, const Lengths& shape, Meaning of_rows, Meaning of_entries) const {
    const std::ptrdiff_t inner = takes(Meaning::inner) ? shape.inner : 1;
    const bool entries = array.n == inner || shape.n == 1 || takes(of_entries) || takes(Meaning::stride);
    const bool rows = !takes(Meaning::outer) || shape.outer == 1 || array.outer == shape.n * inner || takes(of_rows) ||
                      takes(Meaning::row_stride);
    return entries && rows && (inner == 1 || array.inner == 1);
  }

  /// As often as it takes: once for all that the function takes a number of.
  int run(const Tensor& x, const Tensor& y, const Lengths& shape, double temperature) const {
    const std::ptrdiff_t outer = takes(Meaning::outer) ? 1 : shape.outer,
                         inner = takes(Meaning::inner) ? 1 : shape.inner;
    for (std::ptrdiff_t o = 0; o < outer; ++o)
      for (std::ptrdiff_t i = 0; i < inner; ++i) {
        Tensor from = x, to = y;
        from.first = x.at(o, 0, i);
        to.first = y.at(o, 0, i);
        if (const int status = call(from, to, shape, temperature)) return status;
      }
    return 0;
  }

  int call(const Tensor& x, const Tensor& y, const Lengths& shape, double temperature) const {
    std::vector<Value> values;
    for (const Parameter& parameter : signature_.parameters) {
      const auto value = argument(parameter, x, y, shape, temperature);
      if (!value) return unsupported;
      values.push_back(*value);
    }
    std::vector<void*> pointers;
    for (Value& value : values) pointers.push_back(&value);
    ffi_arg returned = 0;
    ffi_call(&interface_, FFI_FN(function_), &returned, pointers.data());
    return signature_.gives_status ? static_cast<int>(returned) : 0;
  }

  [[nodiscard]] std::optional<Value> argument(const Parameter& parameter, const Tensor& x, const Tensor& y,
                                              const Lengths& shape, double temperature) const {
    const auto number = [&](auto value) { return packed(parameter.type, static_cast<double>(value)); };
    switch (parameter.meaning) {
      case Meaning::x:
        return Value{.pointer = x.first};
      case Meaning::y:
        return Value{.pointer = y.first};
      case Meaning::outer:
        return number(shape.outer);
      case Meaning::n:
        return number(shape.n);
      case Meaning::inner:
        return number(shape.inner);
      case Meaning::x_row_stride:
      case Meaning::row_stride:
        return number(x.outer);
      case Meaning::y_row_stride:
        return number(y.outer);
      case Meaning::x_stride:
      case Meaning::stride:
        return number(x.n);
      case Meaning::y_stride:
        return number(y.n);
      case Meaning::axis:
        return number(takes(Meaning::outer) ? 1 : 0);
      case Meaning::temperature:
        return number(temperature);
    }
    return std::nullopt;
  }

  Signature signature_;
  Library library_;
  std::string file_;
  void* function_ = nullptr;
  std::vector<ffi_type*> types_;
  mutable ffi_cif interface_{};  ///< libffi takes it as writable, and only reads it
};

}  // namespace

std::unique_ptr<Inside> open_symbol(const std::string& path, const std::string& declaration) {
  return std::make_unique<Symbol>(path, declaration);
}

}  // namespace audit::impls::foreign::worker
