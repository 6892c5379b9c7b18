#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "impls/foreign/signature.hpp"

namespace audit::impls::foreign {

/// The format that a C type, or the suite's own name, stands for; nullptr: none.
const Format* element_format(std::string_view type);
/// How a type is passed by value; nullopt: it is no number that can be.
std::optional<Type> scalar_type(std::string_view type);

/// What a number of that name is; nullopt: the name says nothing. A plain stride is that of rows where there are rows.
std::optional<Meaning> meaning_of(std::string_view name_as_written, bool with_rows);
bool names_an_input(std::string_view name);
bool names_a_result(std::string_view name);

/// "the length of a row"
std::string_view in_words(Meaning meaning);

}  // namespace audit::impls::foreign
