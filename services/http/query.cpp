#include "services/http/query.hpp"

#include "config/nearest.hpp"
#include "config/words.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace darkroom {

namespace {

constexpr size_t max_shown = 60; // shown bytes of a client's text

std::string shown(const std::string& text) {
  return text.size() <= max_shown ? text : text.substr(0, max_shown) + "…";
}

} // namespace

query_reader::query_reader(const http_request& request) : request_(request) {}

const std::string* query_reader::take(const std::string& name) {
  names_.push_back(name);
  auto found = request_.query.find(name);
  return found == request_.query.end() ? nullptr : &found->second;
}

void query_reader::refuse(const std::string& name, const std::string& value,
                          const std::string& allowed) {
  if (problem_.empty())
    problem_ = name + "='" + shown(value) + "' is not " + allowed;
}

int64_t query_reader::number(const std::string& name, int64_t otherwise,
                             int64_t least, int64_t most) {
  auto text = take(name);
  if (!text)
    return otherwise;
  int64_t value = 0;
  auto end = text->data() + text->size();
  auto [stop, failed] = std::from_chars(text->data(), end, value);
  if (failed == std::errc{} && stop == end && value >= least && value <= most)
    return value;
  refuse(name, *text,
         "a whole number from " + std::to_string(least) + " to "
           + std::to_string(most));
  return otherwise;
}

std::string query_reader::word(const std::string& name,
                               const std::string& otherwise,
                               const std::vector<std::string>& allowed) {
  auto text = take(name);
  if (!text)
    return otherwise;
  if (std::find(allowed.begin(), allowed.end(), *text) != allowed.end())
    return *text;
  refuse(name, *text, joined(allowed, " or ") + suggestion(*text, allowed));
  return otherwise;
}

std::vector<std::string>
query_reader::words(const std::string& name,
                    const std::vector<std::string>& allowed) {
  auto text = take(name);
  auto out = split_list(text ? *text : std::string{}, ',');
  for (const auto& x : out)
    if (std::find(allowed.begin(), allowed.end(), x) == allowed.end())
      refuse(name, x, joined(allowed, " or ") + suggestion(x, allowed));
  return out;
}

std::string query_reader::text(const std::string& name, size_t most) {
  auto text = take(name);
  if (!text)
    return {};
  if (text->size() <= most)
    return *text;
  refuse(name, *text, "a text of at most " + std::to_string(most) + " bytes");
  return {};
}

std::optional<http_response> query_reader::refusal() const {
  if (!problem_.empty())
    return error_response(400, "bad_input", problem_);
  for (const auto& [name, value] : request_.query)
    if (std::find(names_.begin(), names_.end(), name) == names_.end())
      return error_response(400, "bad_input",
                            "there is no parameter '" + shown(name) + "'"
                              + suggestion(name.substr(0, max_shown), names_),
                            names_.empty()
                              ? "this takes none"
                              : "known are " + joined(names_, " or "));
  return std::nullopt;
}

http_handler without_query(http_handler handler) {
  return [handler = std::move(handler)](const http_request& request) {
    auto refusal = query_reader{request}.refusal();
    return refusal ? *refusal : handler(request);
  };
}

} // namespace darkroom
