#include "nodes/api/filter_query.hpp"

#include "services/text/time_text.hpp"
#include "services/text/utf8.hpp"

namespace darkroom {

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
  if (!time || *time < 0)
    return error_response(400, "bad_input",
                          std::string{name} + "='" + text + "' is no time",
                          "use ms since the epoch, 2026-11-29 or "
                          "2026-11-29T08:30:00Z");
  into = *time;
  return std::nullopt;
}

} // namespace darkroom
