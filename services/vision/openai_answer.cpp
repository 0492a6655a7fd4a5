#include "services/vision/openai_answer.hpp"

#include "services/json/json.hpp"

#include <algorithm>
#include <cctype>

namespace darkroom {

namespace {

using nlohmann::json;

// A model's answer is a stranger's input, so all of it is bounded.
constexpr size_t max_word = 64;      // bytes of a tag, mood, …
constexpr size_t max_sentence = 500; // bytes of the description
constexpr size_t max_text = 4000;    // bytes of the longer texts
constexpr size_t max_words = 30;     // entries of a list

error unusable(const std::string& model, const std::string& why) {
  return fail(ec::upstream_failed, "vision model '" + model + "' " + why);
}

/// `text` without surrounding space, cut between two characters.
std::string clipped(const std::string& text, size_t limit) {
  auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos)
    return {};
  auto end = text.find_last_not_of(" \t\r\n") + 1;
  if (end - first > limit) {
    end = first + limit;
    while (end > first && (text[end] & 0xc0) == 0x80)
      --end;
  }
  return text.substr(first, end - first);
}

bool is_hex_color(const std::string& text) {
  return text.size() == 7 && text[0] == '#'
         && std::all_of(text.begin() + 1, text.end(),
                        [](unsigned char c) { return std::isxdigit(c) != 0; });
}

/// Reads members of one JSON object; remembers the first that does not match
/// the schema.
class reader {
public:
  explicit reader(const json& from) : from_(from) {}

  std::string text(const char* key, size_t limit) {
    auto found = member(key, json::value_t::string);
    return found ? clipped(found->get<std::string>(), limit) : std::string();
  }

  std::vector<std::string> words(const char* key) {
    std::vector<std::string> all;
    auto found = member(key, json::value_t::array);
    for (auto& entry : found ? *found : json::array()) {
      if (!entry.is_string()) {
        wrong_ = key;
        return {};
      }
      auto word = clipped(entry.get<std::string>(), max_word);
      if (!word.empty() && all.size() < max_words
          && std::find(all.begin(), all.end(), word) == all.end())
        all.push_back(std::move(word));
    }
    return all;
  }

  json object(const char* key) {
    auto found = member(key, json::value_t::object);
    return found ? *found : json::object();
  }

  void expect(const char* key, bool sound) {
    if (!sound && wrong_.empty())
      wrong_ = key;
  }

  /// The first member that is missing or wrong; empty if all are valid.
  const std::string& wrong() const {
    return wrong_;
  }

private:
  const json* member(const char* key, json::value_t type) {
    auto found = from_.find(key);
    if (found != from_.end() && found->type() == type)
      return &*found;
    expect(key, false);
    return nullptr;
  }

  const json& from_;
  std::string wrong_;
};

/// {"dominant": ["#rrggbb"…], "names": […], "temperature": …}
json read_colors(const json& from, reader& outer) {
  reader in(from);
  auto dominant = json::array();
  for (auto color : in.words("dominant")) {
    std::transform(color.begin(), color.end(), color.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    if (is_hex_color(color))
      dominant.push_back(color);
  }
  json colors{{"dominant", dominant},
              {"names", in.words("names")},
              {"temperature", in.text("temperature", max_word)}};
  outer.expect("colors", in.wrong().empty());
  return colors;
}

json read_composition(const json& from, reader& outer) {
  reader in(from);
  json composition;
  for (auto key : {"orientation", "framing", "focalPoint", "perspective"})
    composition[key] = in.text(key, max_sentence);
  outer.expect("composition", in.wrong().empty());
  return composition;
}

/// The model's text. Some providers wrap it in a code block.
result<std::string> content_of(const std::string& body,
                               const std::string& model) {
  auto answer = parse_json(body);
  auto at = json::json_pointer("/choices/0/message");
  if (!answer || !answer->contains(at) || !(*answer)[at].is_object())
    return unusable(model, "answered without choices[0].message");
  auto& message = (*answer)[at];
  if (auto no = message.find("refusal"); no != message.end() && no->is_string())
    return fail(ec::upstream_refused,
                "vision model '" + model + "' declined: "
                  + clipped(no->get<std::string>(), max_sentence));
  if ((*answer)["choices"][0].value("finish_reason", json()) == "length")
    return unusable(model, "was cut off in its answer");
  auto content = message.find("content");
  if (content == message.end() || !content->is_string())
    return unusable(model, "answered without content");
  auto text = clipped(content->get<std::string>(), std::string::npos);
  if (text.rfind("```", 0) == 0) {
    auto first = text.find('{');
    auto last = text.rfind('}');
    if (first != std::string::npos && last != std::string::npos && last > first)
      text = text.substr(first, last - first + 1);
  }
  return text;
}

std::string searchable(const image_metadata& x) {
  auto text = x.description;
  for (auto words : {&x.tags, &x.categories, &x.objects})
    for (auto& word : *words)
      text += " " + word;
  return clipped(text, max_text);
}

json texts() {
  return {{"type", "array"}, {"items", {{"type", "string"}}}};
}

/// The schema of an object whose members are all required.
json strict_object(json members) {
  auto required = json::array();
  for (auto& [key, value] : members.items())
    required.push_back(key);
  return {{"type", "object"},
          {"properties", std::move(members)},
          {"required", std::move(required)},
          {"additionalProperties", false}};
}

} // namespace

json answer_schema() {
  json text{{"type", "string"}};
  return strict_object({{"description", text},
                        {"detailedDescription", text},
                        {"tags", texts()},
                        {"categories", texts()},
                        {"objects", texts()},
                        {"colors", strict_object({{"dominant", texts()},
                                                  {"names", texts()},
                                                  {"temperature", text}})},
                        {"mood", text},
                        {"style", text},
                        {"composition", strict_object({{"orientation", text},
                                                       {"framing", text},
                                                       {"focalPoint", text},
                                                       {"perspective", text}})},
                        {"searchableText", text}});
}

result<image_metadata> read_answer(const std::string& body,
                                   const std::string& model) {
  auto content = content_of(body, model);
  if (!content)
    return std::move(content.error());
  auto said = parse_json(*content);
  if (!said || !said->is_object())
    return unusable(model, "answered with text that is not a JSON object");
  reader in(*said);
  image_metadata x;
  x.description = in.text("description", max_sentence);
  x.detailed_description = in.text("detailedDescription", max_text);
  x.tags = in.words("tags");
  x.categories = in.words("categories");
  x.objects = in.words("objects");
  x.colors = read_colors(in.object("colors"), in).dump();
  x.mood = in.text("mood", max_word);
  x.style = in.text("style", max_word);
  x.composition = read_composition(in.object("composition"), in).dump();
  x.searchable_text = in.text("searchableText", max_text);
  x.model = model;
  in.expect("description", !x.description.empty());
  if (!in.wrong().empty())
    return unusable(model, "answered without a valid '" + in.wrong() + "'");
  if (x.searchable_text.empty())
    x.searchable_text = searchable(x);
  return x;
}

} // namespace darkroom
