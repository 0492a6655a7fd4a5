#include "services/vision/metadata_reader.hpp"

#include "services/json/json.hpp"
#include "services/text/one_line.hpp"
#include "services/text/words.hpp"
#include "services/vision/odd_member.hpp"
#include "services/vision/tag_words.hpp"

#include <algorithm>
#include <cctype>

namespace darkroom {

namespace {

using nlohmann::json;

// A model's answer is a stranger's input, so all of it is bounded.
constexpr size_t max_word = 64;      // bytes of a mood, a colour's name, …
constexpr size_t max_tag_text = 400; // bytes of a tag before it is tidied
constexpr size_t max_sentence = 500; // bytes of the description
constexpr size_t max_long = 4000;    // bytes of the longer texts
constexpr size_t max_colors = 30;

constexpr word_list description_names = {"description", "shortdescription",
                                         "caption", "summary"};

/// "#rrggbb" of "#RGB", "RRGGBB" and the like; empty if it is no color.
std::string as_hex_color(std::string text) {
  text = lower_ascii(text);
  if (text.starts_with('#'))
    text.erase(0, 1);
  auto is_hex = std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isxdigit(c) != 0;
  });
  if (!is_hex || (text.size() != 3 && text.size() != 6))
    return {};
  if (text.size() == 3)
    text = {text[0], text[0], text[1], text[1], text[2], text[2]};
  return '#' + text;
}

void add_once(json& list, const std::string& text) {
  if (!text.empty() && list.size() < max_colors
      && std::find(list.begin(), list.end(), text) == list.end())
    list.push_back(text);
}

/// Sorts what stands in a list of colors: values to `dominant`, other words to
/// `names`. An entry may have both: {"hex": …, "name": …}.
void add_colors(const json* from, json& dominant, json& names) {
  if (from && from->is_array())
    for (const auto& x : *from)
      if (x.is_object()) {
        auto hex = odd_text(odd_member(x, {"hex", "value", "code"}), max_word);
        add_once(dominant, as_hex_color(hex));
        auto name = odd_text(odd_member(x, {"name", "color"}), max_word);
        if (as_hex_color(name).empty())
          add_once(names, name);
      }
  for (const auto& text : odd_texts(from, max_word)) {
    auto color = as_hex_color(text);
    if (!color.empty())
      add_once(dominant, color);
  }
}

/// {"dominant": ["#rrggbb"…], "names": […], "temperature": …}
json read_colors(const json* from) {
  auto dominant = json::array(), names = json::array();
  std::string temperature;
  if (from && from->is_object()) {
    add_colors(odd_member(*from, {"dominant", "dominantcolors", "hex",
                                  "palette", "primary"}),
               dominant, names);
    for (const auto& x :
         odd_texts(odd_member(*from, {"names", "name"}), max_word))
      if (as_hex_color(x).empty())
        add_once(names, x);
    temperature = odd_text(odd_member(*from, {"temperature"}), max_word);
  } else {
    add_colors(from, dominant, names);
    for (const auto& x : odd_texts(from, max_word))
      if (as_hex_color(x).empty())
        add_once(names, x);
  }
  return {
    {"dominant", dominant}, {"names", names}, {"temperature", temperature}};
}

json read_composition(const json* from) {
  auto text = [from](const char* name) {
    auto found = from ? odd_member(*from, {name}) : nullptr;
    return odd_text(found, max_sentence);
  };
  json out{{"orientation", text("orientation")},
           {"framing", text("framing")},
           {"focalPoint", text("focalpoint")},
           {"perspective", text("perspective")}};
  if (from && !from->is_object()) // a sentence instead
    out["framing"] = odd_text(from, max_sentence);
  return out;
}

std::string searchable(const image_metadata& x) {
  auto text = x.description;
  for (auto words : {&x.tags, &x.categories, &x.objects})
    for (auto& word : *words)
      text += " " + word;
  return one_line(text, max_long);
}

} // namespace

bool has_description(const json& object) {
  return !odd_text(odd_member(object, description_names), max_sentence).empty();
}

image_metadata read_metadata(const json& object) {
  auto text = [&object](word_list names, size_t limit) {
    return odd_text(odd_member(object, names), limit);
  };
  auto tags = [&object](word_list names) {
    return as_tags(odd_texts(odd_member(object, names), max_tag_text));
  };
  image_metadata x;
  x.description = text(description_names, max_sentence);
  x.detailed_description = text({"detaileddescription"}, max_long);
  x.tags = tags({"tags", "keywords"});
  x.categories = tags({"categories", "category"});
  x.objects = tags({"objects"});
  x.colors = write_json(read_colors(odd_member(object, {"colors", "colours"})));
  x.mood = text({"mood"}, max_word);
  x.style = text({"style"}, max_word);
  x.composition
    = write_json(read_composition(odd_member(object, {"composition"})));
  x.searchable_text = text({"searchabletext"}, max_long);
  if (x.searchable_text.empty())
    x.searchable_text = searchable(x);
  return x;
}

} // namespace darkroom
