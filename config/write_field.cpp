/// `write_field` of field.hpp: from text to each kind of place.
#include "config/database_url.hpp"
#include "config/field.hpp"
#include "config/nearest.hpp"
#include "config/overloaded.hpp"
#include "config/units.hpp"

#include <algorithm>
#include <cctype>

namespace darkroom {

namespace {

status in_range(const field& row, int64_t value) {
  if (value < row.least || value > row.most)
    return fail(ec::bad_config, "is out of range");
  return ok;
}

std::string lower(std::string_view text) {
  std::string copy{text};
  for (auto& c : copy)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return copy;
}

/// Splits at commas; spaces around the parts are dropped.
std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    auto comma = std::min(text.find(','), text.size());
    auto part = text.substr(0, comma);
    auto first = part.find_first_not_of(' ');
    if (first != std::string_view::npos)
      parts.emplace_back(
        part.substr(first, part.find_last_not_of(' ') - first + 1));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return parts;
}

bool is_choice(const field& row, const std::string& word) {
  return std::find(row.choices.begin(), row.choices.end(), word)
         != row.choices.end();
}

status write_text(const field& row, std::string_view text, std::string& to) {
  if (text.empty() && row.required)
    return fail(ec::bad_config, "must not be empty");
  if (row.choices.empty()) {
    to = text;
    return ok;
  }
  auto wanted = lower(text);
  if (!is_choice(row, wanted))
    return fail(ec::bad_config, "is unknown");
  to = wanted;
  return ok;
}

status write_list(const field& row, std::string_view text,
                  std::vector<std::string>& to) {
  auto parts = split(text);
  if (parts.empty() && row.required)
    return fail(ec::bad_config, "must not be empty");
  if (!row.choices.empty())
    for (auto& part : parts) {
      part = lower(part);
      if (!is_choice(row, part))
        return fail(ec::bad_config, "names '" + part + "', which is unknown"
                                      + suggestion(part, row.choices));
    }
  to = std::move(parts);
  return ok;
}

status write_bool(std::string_view text, bool& to) {
  auto word = lower(text);
  if (word == "true" || word == "1" || word == "yes" || word == "on")
    to = true;
  else if (word == "false" || word == "0" || word == "no" || word == "off")
    to = false;
  else
    return fail(ec::bad_config, "is neither true nor false");
  return ok;
}

status write_rate(const field& row, std::string_view text, rate_place to) {
  if (text == "0" || text == "off") {
    *to.max = 0;
    return ok;
  }
  auto parsed = parse_rate(text);
  if (!parsed)
    return std::move(parsed.error());
  auto [count, window] = *parsed;
  auto fits = in_range(row, count);
  if (!fits || window.count() < 1 || window > std::chrono::hours{24})
    return fail(ec::bad_config, "is out of range");
  *to.max = static_cast<uint32_t>(count);
  *to.window = window;
  return ok;
}

template <class Number>
status write_number(const field& row, std::string_view text, Number& to) {
  auto size = row.type == field_type::size;
  int64_t value = 0;
  if (size) {
    auto parsed = parse_size(text);
    if (!parsed)
      return std::move(parsed.error());
    value = static_cast<int64_t>(*parsed);
  } else {
    auto parsed = parse_number(text);
    if (!parsed)
      return std::move(parsed.error());
    value = *parsed;
  }
  auto fits = in_range(row, value);
  if (fits)
    to = static_cast<Number>(value);
  return fits;
}

template <class Number>
status write_number(const field& row, std::string_view text,
                    std::optional<Number>& to) {
  if (lower(text) == auto_word) {
    to.reset();
    return ok;
  }
  Number number{};
  auto done = write_number(row, text, number);
  if (done)
    to = number;
  return done;
}

status write_amount(const field& row, std::string_view text, double& to) {
  auto parsed = parse_amount(text);
  if (!parsed)
    return std::move(parsed.error());
  if (*parsed > static_cast<double>(row.most))
    return fail(ec::bad_config, "is out of range");
  to = *parsed;
  return ok;
}

template <class Duration>
status write_duration(const field& row, std::string_view text, Duration& to) {
  auto parsed = parse_duration(text);
  if (!parsed)
    return std::move(parsed.error());
  auto fits = in_range(row, parsed->count());
  if (!fits)
    return fits;
  auto value = std::chrono::duration_cast<Duration>(*parsed);
  if (value != *parsed)
    return fail(ec::bad_config, "is not in whole seconds");
  to = value;
  return ok;
}

status write_at(const field& row, std::string_view text, place to) {
  return std::visit(
    overloaded{
      [&](std::string* x) { return write_text(row, text, *x); },
      [&](bool* x) { return write_bool(text, *x); },
      [&](double* x) { return write_amount(row, text, *x); },
      [&](rate_place x) { return write_rate(row, text, x); },
      [&](milliseconds* x) { return write_duration(row, text, *x); },
      [&](std::chrono::seconds* x) { return write_duration(row, text, *x); },
      [&](std::vector<std::string>* x) { return write_list(row, text, *x); },
      [&](auto* x) { return write_number(row, text, *x); },
    },
    to);
}

} // namespace

std::string shown(const field& row, std::string_view text) {
  if (row.secret)
    return text.empty() ? "" : "****";
  return mask_password(text);
}

status write_field(const field& row, std::string_view text, settings& all) {
  auto done = write_at(row, text, row.at(all));
  if (done)
    return done;
  return fail(ec::bad_config, "= \"" + shown(row, text) + "\" "
                                + done.error().context
                                + "; allowed: " + allowed(row));
}

} // namespace darkroom
