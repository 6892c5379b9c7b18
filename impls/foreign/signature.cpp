#include "impls/foreign/signature.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <stdexcept>
#include <utility>

#include "impls/foreign/signature_names.hpp"

namespace audit::impls::foreign {
namespace {

/// A parameter as it is written.
struct Written {
  std::string text;
  std::string type;  ///< of what it points to, without const and restrict
  std::string name;
  bool is_pointer = false;
  bool is_const = false;  ///< what it points to
};

constexpr std::string_view an_example = "void NAME(const f32 *x, f32 *y, size_t rows, size_t n)";

[[noreturn]] void refuse(std::string_view part, std::string_view why) {
  throw std::runtime_error("signature: '" + std::string(part) + "': " + std::string(why));
}

bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }
bool is_of_a_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::string trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return std::string(text);
}

/// Words, and every other character by itself.
std::vector<std::string> tokens(std::string_view text) {
  std::vector<std::string> found;
  bool in_word = false;
  for (const char c : text) {
    if (is_of_a_word(c) && in_word)
      found.back().push_back(c);
    else if (!is_space(c))
      found.emplace_back(1, c);
    in_word = is_of_a_word(c);
  }
  return found;
}

std::vector<std::string> split_at_commas(std::string_view text) {
  std::vector<std::string> parts{""};
  for (const char c : text) c == ',' ? void(parts.emplace_back()) : parts.back().push_back(c);
  for (std::string& part : parts) part = trimmed(part);
  return parts;
}

bool is_restrict(std::string_view word) { return word == "restrict" || word == "__restrict" || word == "__restrict__"; }

Written parse_parameter(const std::string& text) {
  Written made;
  made.text = text;
  std::vector<std::string> words;
  const std::vector<std::string> all = tokens(text);
  for (const std::string& token : all) {
    if (token == "*" && (made.is_pointer || words.empty())) refuse(text, "points to no number; write TYPE *NAME");
    if (token == "*")
      made.is_pointer = true;
    else if (!is_of_a_word(token[0]))
      refuse(text, "'" + token + "' cannot be bound; write TYPE NAME or TYPE *NAME");
    else if (token == "const")
      made.is_const = made.is_const || !made.is_pointer;
    else if (!is_restrict(token))
      words.push_back(token);
  }
  const bool named = words.size() > 1 && all.back() == words.back();
  if (!named || scalar_type(words.back()) || element_format(words.back()))
    refuse(text, "has no type or no name, and the name says what it is; write TYPE NAME or TYPE *NAME");
  made.name = words.back();
  words.pop_back();
  for (const std::string& word : words) made.type += (made.type.empty() ? "" : " ") + word;
  return made;
}

Map map_of(const std::string& word) {
  const MapTraits* traits = find_map(word);
  if (!traits) refuse(word, "is no map; 'softmax-audit list maps' names them all");
  if (traits->takes_operand || traits->takes_target || traits->takes_tree)
    refuse(word, "takes more than one input, which a signature cannot say; export the function by plugin.h");
  return traits->map;
}

/// [MAP] RETURN NAME
Signature parse_head(const std::string& head) {
  std::vector<std::string> words = tokens(head);
  Signature made;
  if (words.size() == 3) {
    made.map = map_of(words[0]);
    words.erase(words.begin());
  }
  if (words.size() != 2 || !is_of_a_word(words[0][0]) || !is_of_a_word(words[1][0]))
    refuse(head, "is no return type and name of a function; write void NAME or int NAME");
  if (words[0] != "void" && words[0] != "int")
    refuse(words[0], "is no return type that can be bound; return void, or int for a status");
  made.gives_status = words[0] == "int";
  made.symbol = words[1];
  return made;
}

/// Gives every parameter its meaning.
class Binder {
 public:
  Binder(Signature head, std::vector<Written> written) : made_(std::move(head)), written_(std::move(written)) {}

  Signature bind() {
    const auto is_of_rows = [](const Written& w) {
      return !w.is_pointer && meaning_of(w.name, true) == Meaning::outer;
    };
    const bool with_rows = std::ranges::any_of(written_, is_of_rows);
    for (const Written& w : written_) w.is_pointer ? bind_pointer(w) : bind_number(w, with_rows);
    check();
    return std::move(made_);
  }

 private:
  void add(const Written& w, Meaning meaning, Type type) {
    for (std::size_t i = 0; i < made_.parameters.size(); ++i)
      if (made_.parameters[i].meaning == meaning)
        refuse(w.text,
               std::string(in_words(meaning)) + " is '" + written_[i].text + "' already; " + instead_of_two(meaning));
    made_.parameters.push_back({meaning, type});
  }

  static std::string instead_of_two(Meaning meaning) {
    if (meaning == Meaning::x) return "export a function of two inputs by plugin.h";
    if (meaning == Meaning::y) return "make the input const, or call it x";
    return "give one of them another name";
  }

  [[nodiscard]] bool is_input(const Written& w) const {
    const auto pointers = std::ranges::count(written_, true, &Written::is_pointer);
    if (w.is_const && names_a_result(w.name))
      refuse(w.text, "is called a result, and is const; drop the const or call it x");
    return w.is_const || (pointers > 1 && names_an_input(w.name));
  }

  void bind_pointer(const Written& w) {
    const Format* format = element_format(w.type);
    if (!format) refuse(w.text, "'" + w.type + "' is no format; point to f64 (double), f32 (float), f16 or bf16");
    const auto other =
        std::ranges::find_if(made_.parameters, [](const Parameter& p) { return p.type.kind == Type::Kind::pointer; });
    if (other != made_.parameters.end() && !(*format == made_.format))
      refuse(w.text, "is of another format than '" +
                         written_[static_cast<std::size_t>(other - made_.parameters.begin())].text +
                         "'; both have one");
    made_.format = *format;
    add(w, is_input(w) ? Meaning::x : Meaning::y, {Type::Kind::pointer, sizeof(void*)});
  }

  void bind_number(const Written& w, bool with_rows) {
    const auto type = scalar_type(w.type);
    if (!type) refuse(w.text, "'" + w.type + "' is no type of a number that can be bound; write size_t, int, float, …");
    const auto meaning = meaning_of(w.name, with_rows);
    if (!meaning)
      refuse(w.text, "the name '" + w.name +
                         "' says nothing; names are rows, n, inner, stride, axis, temperature and the like (README)");
    const bool is_real = type->kind == Type::Kind::real;
    if (is_real != (*meaning == Meaning::temperature))
      refuse(w.text, std::string(in_words(*meaning)) +
                         (is_real ? " is an integer; write size_t" : " is a real number; write float or double"));
    add(w, *meaning, *type);
  }

  void check() const {
    const auto missing = [&](const char* what) { refuse(made_.symbol, what); };
    const auto takes = [&](Meaning meaning) { return made_.takes(meaning); };
    if (!takes(Meaning::y)) missing("no parameter is the result; write f32 *y, not const");
    if (!takes(Meaning::n)) missing("no parameter is the length of a row; call it n");
    const bool strided = std::ranges::any_of(made_.parameters, [](const Parameter& p) {
      return p.meaning >= Meaning::x_row_stride && p.meaning <= Meaning::stride;
    });
    if (strided && takes(Meaning::inner)) missing("inner stands for dense memory; take strides or inner, not both");
    if (made_.in_place() && (takes(Meaning::x_row_stride) || takes(Meaning::x_stride)))
      missing("takes a stride of x, and x is y; call it stride");
    if (made_.in_place() && traits(made_.map).one_number_out)
      missing("gives one number a row, and has one array; write const f32 *x, f32 *y");
    if (!traits(made_.map).takes_temperature && takes(Meaning::temperature))
      missing("takes a temperature, which its map has not");
  }

  Signature made_;
  std::vector<Written> written_;
};

}  // namespace

bool Signature::takes(Meaning meaning) const {
  return std::ranges::find(parameters, meaning, &Parameter::meaning) != parameters.end();
}

Signature read_signature(std::string_view declaration) {
  const std::string text = trimmed(declaration);
  const std::size_t open = text.find('('), close = text.rfind(')');
  if (open == std::string::npos || close == std::string::npos || close < open)
    refuse(text, "has no parameters in parentheses; write " + std::string(an_example));
  const std::string rest = trimmed(text.substr(close + 1));
  if (!rest.empty() && rest != ";") refuse(rest, "follows the parameters; end with the parenthesis");
  Signature head = parse_head(trimmed(text.substr(0, open)));
  std::vector<Written> written;
  const std::string inside = trimmed(text.substr(open + 1, close - open - 1));
  if (inside.empty() || inside == "void") refuse(text, "takes nothing; write " + std::string(an_example));
  for (const std::string& part : split_at_commas(inside)) written.push_back(parse_parameter(part));
  return Binder(std::move(head), std::move(written)).bind();
}

}  // namespace audit::impls::foreign
