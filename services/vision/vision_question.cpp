#include "services/vision/vision_question.hpp"

#include "config/words.hpp"
#include "services/catalog/image_json.hpp"
#include "services/json/json.hpp"
#include "services/provider/completion.hpp"
#include "services/provider/find_object.hpp"
#include "services/storage/sha256.hpp"
#include "services/text/printable.hpp"
#include "services/text/words.hpp"
#include "services/vision/metadata_reader.hpp"

#include <utility>

namespace darkroom {

namespace {

constexpr size_t said_bytes = 200;       // bytes of a model's text in an error
constexpr size_t max_refusal_text = 600; // a longer text is no mere refusal

std::string key_of(const std::string& jpeg, const std::string& language) {
  sha256_sum sum;
  sum.add(jpeg);
  sum.add(std::string("\n") + prompt_version + "\n" + language);
  return sum.hex();
}

/// Whether a text without JSON only says that the model will not answer.
bool is_refusal(const std::string& text) {
  auto lower = lower_ascii(trimmed(text));
  if (lower.size() > max_refusal_text || lower.find('{') != lower.npos)
    return false;
  for (const auto* beginning :
       {"i'm sorry", "i’m sorry", "i am sorry", "sorry,", "i can't", "i can’t",
        "i cannot", "i'm unable", "i’m unable", "i am unable", "i'm not able",
        "i won't"})
    if (lower.starts_with(beginning))
      return true;
  return false;
}

std::string in_quotes(const std::string& text) {
  return " \"" + printable(text.substr(0, said_bytes), said_bytes) + '"';
}

} // namespace

vision_question::vision_question(const vision_input& picture,
                                 const std::string& language)
  : picture_(picture),
    request_{picture.jpeg, language, {}, {}},
    key_(key_of(picture.jpeg, language)) {}

std::string vision_question::answer_key() const {
  return key_;
}

std::string vision_question::body(const provider_settings& to,
                                  const request_profile& profile) const {
  return write_request(request_, to.model, profile);
}

reading vision_question::read(const nlohmann::json& body,
                              const provider_settings&) const {
  reading out;
  auto said = read_completion(body);
  out.is_cut_off = said.is_cut_off;
  for (const auto& text : said.texts)
    if (!said.is_filtered && said.refusal.empty())
      if (auto found = find_object(text, has_description)) {
        out.answer = write_json(to_json(read_metadata(*found)));
        return out;
      }
  if (!said.texts.empty())
    out.said = said.texts.front();
  out.is_refused = said.is_filtered || !said.refusal.empty()
                   || is_refusal(out.said);
  if (said.is_filtered)
    out.problem = "that a content filter stopped it";
  else if (out.is_refused)
    out.problem = "that it declines:"
                  + in_quotes(said.refusal.empty() ? out.said : said.refusal);
  else if (out.is_cut_off)
    out.problem = "with a text that was cut off:" + in_quotes(out.said);
  else
    out.problem = "without a JSON object that has a description"
                  + (out.said.empty() ? "" : ":" + in_quotes(out.said));
  if (out.is_refused && out.said.empty())
    out.said = out.problem; // there is no need to quote the whole answer
  return out;
}

bool vision_question::is_sound(const std::string& answer,
                               const provider_settings&) const {
  return metadata_of(answer).operator bool();
}

void vision_question::mend(const reading& bad) {
  request_.said = bad.said;
  request_.problem = bad.problem;
}

bool vision_question::make_smaller() {
  if (!picture_.smaller || std::exchange(is_smaller_, true))
    return false;
  auto jpeg = picture_.smaller();
  if (!jpeg || jpeg->empty())
    return false;
  request_.jpeg = std::move(*jpeg);
  return true;
}

result<image_metadata> metadata_of(const std::string& answer) {
  auto object = parse_json(answer);
  if (!object || !has_description(*object))
    return fail(ec::upstream_failed, "an answer that was kept has no "
                                     "description");
  return read_metadata(*object);
}

} // namespace darkroom
