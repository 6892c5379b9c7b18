#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// How a struct becomes a JSON object and is read back: a type that has `fields(value, each)`, which calls
/// each(key, member, in) for every member in the order of the file, is written by `write` and read by `read`. `in` says
/// whether the object must have the key; a member that holds its default is otherwise left out, and an optional one
/// always. Keys that `fields` does not name are refused.
namespace audit::reports::json {

using Json = nlohmann::ordered_json;

/// What is wrong with a line, without where it is.
struct Malformed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

template <class T, class U>
concept Is = std::same_as<std::remove_cv_t<T>, U>;

template <class T>
Json write(const T& value);

inline Json plain(const std::string& text) { return text; }
inline Json plain(std::uint64_t count) { return count; }
inline Json plain(bool truth) { return truth; }

/// JSON has no numbers for these three.
inline Json plain(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return value;
}

template <class V>
Json plain(const std::map<std::string, V>& entries) {
  Json object = Json::object();
  for (const auto& [key, value] : entries) object[key] = plain(value);
  return object;
}

template <class T>
Json plain(const std::vector<T>& values) {
  Json array = Json::array();
  for (const T& value : values) array.push_back(write(value));
  return array;
}

template <class T>
  requires std::is_class_v<T>
Json plain(const T& value) {
  return write(value);
}

struct Writer {
  Json object = Json::object();

  template <class T>
  void operator()(const char* key, const std::optional<T>& value, bool = true) {
    if (value) object[key] = plain(*value);
  }
  template <class T>
  void operator()(const char* key, const T& value, bool in = true) {
    if (in || !(value == T{})) object[key] = plain(value);
  }
};

template <class T>
Json write(const T& value) {
  Writer writer;
  fields(value, writer);
  return writer.object;
}

template <class T>
void read(const Json& object, T& value);

inline void parse(const Json& json, const char* key, std::string& text) {
  if (!json.is_string()) throw Malformed(fmt::format("\"{}\" is no string", key));
  text = json.get<std::string>();
}

inline void parse(const Json& json, const char* key, std::uint64_t& count) {
  if (!json.is_number_unsigned()) throw Malformed(fmt::format("\"{}\" is no count", key));
  count = json.get<std::uint64_t>();
}

inline void parse(const Json& json, const char* key, bool& truth) {
  if (!json.is_boolean()) throw Malformed(fmt::format("\"{}\" is neither true nor false", key));
  truth = json.get<bool>();
}

inline void parse(const Json& json, const char* key, double& value) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (json.is_number()) {
    value = json.get<double>();
  } else if (json == "inf") {
    value = infinity;
  } else if (json == "-inf") {
    value = -infinity;
  } else if (json == "nan") {
    value = std::numeric_limits<double>::quiet_NaN();
  } else {
    throw Malformed(fmt::format("\"{}\" is no number", key));
  }
}

template <class V>
void parse(const Json& json, const char* key, std::map<std::string, V>& entries) {
  if (!json.is_object()) throw Malformed(fmt::format("\"{}\" is no object", key));
  for (const auto& [label, value] : json.items()) parse(value, key, entries[label]);
}

template <class T>
void parse(const Json& json, const char* key, std::vector<T>& values) {
  if (!json.is_array()) throw Malformed(fmt::format("\"{}\" is no array", key));
  for (const Json& value : json) read(value, values.emplace_back());
}

template <class T>
  requires std::is_class_v<T>
void parse(const Json& json, const char* key, T& value) {
  if (!json.is_object()) throw Malformed(fmt::format("\"{}\" is no object", key));
  read(json, value);
}

struct Reader {
  const Json& object;
  std::vector<std::string_view> known;

  template <class T>
  void operator()(const char* key, std::optional<T>& value, bool = true) {
    if (const Json* json = find(key)) parse(*json, key, value.emplace());
  }
  template <class T>
  void operator()(const char* key, T& value, bool in = true) {
    if (const Json* json = find(key)) {
      parse(*json, key, value);
    } else if (in) {
      throw Malformed(fmt::format("\"{}\" is missing", key));
    }
  }
  const Json* find(const char* key) {
    known.emplace_back(key);
    const auto found = object.find(key);
    return found == object.end() ? nullptr : &*found;
  }
};

template <class T>
void read(const Json& object, T& value) {
  if (!object.is_object()) throw Malformed("not a JSON object");
  Reader reader{.object = object, .known = {"schema"}};
  fields(value, reader);
  for (const auto& [key, unused] : object.items()) {
    if (std::find(reader.known.begin(), reader.known.end(), key) == reader.known.end()) {
      throw Malformed(fmt::format("{} is no field of this layout", Json(key).dump()));
    }
  }
}

/// The object of a line that carries this schema number.
inline Json parse_line(std::string_view line, int schema) {
  Json object;
  try {
    object = Json::parse(line);
  } catch (const Json::parse_error& error) {
    throw Malformed(error.byte > line.size() ? "the line is cut off"
                                             : fmt::format("not a line of JSON (byte {})", error.byte));
  } catch (const Json::exception&) {
    throw Malformed("a number beyond every double");
  }
  if (!object.is_object() || !object.contains("schema")) throw Malformed("not written by softmax-audit");
  if (object["schema"] != schema) {
    throw Malformed(fmt::format("of schema {}, this program reads {}", object["schema"].dump(), schema));
  }
  return object;
}

/// One line; bytes that are not UTF-8 are replaced.
inline std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

/// dump with the schema number in front.
template <class T>
std::string line(const T& value, int schema) {
  Json object{{"schema", schema}};
  object.update(write(value));
  return dump(object);
}

}  // namespace audit::reports::json
