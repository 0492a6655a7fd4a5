#include "nodes/api/filter_query.hpp"

#include "services/text/utf8.hpp"

#include <charconv>
#include <ctime>

namespace darkroom {

namespace {} // namespace

std::optional<http_response> refuse_texts(const query_reader& query,
                                          const named_texts& texts) {
  if (auto refusal = query.refusal())
    return refusal;
  for (const auto& [name, text] : texts)
    if (!is_utf8(text))
      return error_response(400, "bad_input", name + " is not UTF-8");
  return std::nullopt;
}

image_filter read_filter(query_reader& query, named_texts texts,
                         std::optional<http_response>& refusal) {
  image_filter out;
  out.tag = query.text("tag", longest_filter);
  out.category = query.text("category", longest_filter);
  out.mood = query.text("mood", longest_filter);
  auto after = query.text("after", longest_time);
  auto before = query.text("before", longest_time);
  texts.insert(texts.end(), {{"tag", out.tag},
                             {"category", out.category},
                             {"mood", out.mood},
                             {"after", after},
                             {"before", before}});
  refusal = refuse_texts(query, texts);
  if (!refusal)
    refusal = read_time_bound("after", after, out.after);
  if (!refusal)
    refusal = read_time_bound("before", before, out.before);
  return out;
}

std::optional<http_response>
read_time_bound(const char* name, const std::string& text, int64_t& into) {
  if (text.empty())
    return std::nullopt;
  auto time = read_time(text);
  if (!time)
    return error_response(400, "bad_input",
                          std::string{name} + "='" + text + "' is no time",
                          "use ms since the epoch, 2026-11-29 or "
                          "2026-11-29T08:30:00Z");
  into = *time;
  return std::nullopt;
}

std::optional<int64_t> read_time(const std::string& text) {
  int64_t ms = 0;
  auto end = text.data() + text.size();
  if (auto [stop, failed] = std::from_chars(text.data(), end, ms);
      failed == std::errc{} && stop == end)
    return ms;
  for (const auto* form : {"%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"}) {
    std::tm time{};
    auto rest = strptime(text.c_str(), form, &time);
    if (rest == nullptr || *rest != '\0')
      continue;
    auto day = time.tm_mday;
    auto seconds = timegm(&time);
    if (time.tm_mday == day) // not the 31st of February
      return int64_t{seconds} * 1000;
  }
  return std::nullopt;
}

} // namespace darkroom
