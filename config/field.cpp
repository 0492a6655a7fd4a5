#include "config/field.hpp"

#include "config/nearest.hpp"
#include "config/overloaded.hpp"
#include "config/units.hpp"
#include "config/words.hpp"

#include <cctype>

namespace darkroom {

namespace {

template <class Number>
std::string number_text(const field& row, Number x) {
  return row.type == field_type::size ? format_size(x) : std::to_string(x);
}

template <class Number>
std::string number_text(const field& row, const std::optional<Number>& x) {
  return x ? number_text(row, *x) : auto_word;
}

} // namespace

result<const field*> find_field(std::string_view name) {
  std::vector<std::string> names;
  for (const auto& row : all_fields()) {
    names.push_back(row.name());
    if (names.back() == name)
      return &row;
  }
  return fail(ec::bad_config, "unknown setting '" + std::string{name} + "'"
                                + suggestion(name, names));
}

std::string environment_name(const field& row) {
  auto name = "DARKROOM_" + row.section + '_' + row.key;
  for (auto& c : name)
    c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

std::string read_field(const field& row, const settings& all) {
  auto copy = all;
  return std::visit(
    overloaded{
      [](std::string* x) { return *x; },
      [&](std::optional<uint32_t>* x) { return number_text(row, *x); },
      [&](std::optional<uint64_t>* x) { return number_text(row, *x); },
      [](bool* x) -> std::string { return *x ? "true" : "false"; },
      [](double* x) { return format_amount(*x); },
      [](rate_place x) -> std::string {
        return *x.max == 0
                 ? "off"
                 : std::to_string(*x.max) + '/' + format_duration(*x.window);
      },
      [](milliseconds* x) { return format_duration(*x); },
      [](std::chrono::seconds* x) { return format_duration(*x); },
      [](std::vector<std::string>* x) {
        std::string joined;
        for (const auto& part : *x)
          joined += (joined.empty() ? "" : ",") + part;
        return joined;
      },
      [&](auto* x) { return number_text(row, *x); },
    },
    row.at(copy));
}

std::string allowed(const field& row) {
  auto or_auto = row.takes_auto ? ", or \"auto\"" : "";
  switch (row.type) {
    case field_type::boolean:
      return "true or false";
    case field_type::rate:
      return "\"<starts>/<duration>\" such as \"10/60s\" (1 to "
             + std::to_string(row.most) + " starts in 1ms to 24h), or \"off\"";
    case field_type::number:
      return std::to_string(row.least) + " to " + std::to_string(row.most)
             + (row.unit.empty() ? "" : " " + row.unit) + or_auto;
    case field_type::amount:
      return "0 to " + std::to_string(row.most) + ", with up to six decimals";
    case field_type::size:
      return format_size(row.least) + " to " + format_size(row.most) + or_auto;
    case field_type::duration:
      return format_duration(milliseconds{row.least}) + " to "
             + format_duration(milliseconds{row.most});
    case field_type::list:
      return "a list of "
             + (row.choices.empty() ? row.unit : joined(row.choices));
    case field_type::text:
      break;
  }
  if (!row.choices.empty())
    return "one of " + joined(row.choices);
  return row.required ? "a text that is not empty" : "any text";
}

} // namespace darkroom
