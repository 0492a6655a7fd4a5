#include "services/vision/wording.hpp"

#include "config/words.hpp"
#include "services/vision/findings_json.hpp"
#include "services/vision/subject.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>

namespace darkroom {

namespace {

// The levels were set by eye on photographs.
constexpr double dark = .35, bright = .62; // brightness
constexpr double light = .45;              // enough brightness to look cheerful
constexpr double flat = .02, soft = .12, hard = .28; // contrast
constexpr double gray = 6, muted = 25, vivid = 60;   // colorfulness
constexpr double cold = -.12, warm = .15;            // warmth
// In-focus photographs have 170 or more, those blurred over 0.5 % of their
// width 60 or less.
constexpr double blurred = 60, sharp = 120; // sharpness
constexpr double plain_share = .85; // share of one color in a minimal picture
constexpr double close_up = .35;    // height of a face in a portrait
constexpr size_t named_colors = 3;  // per sentence

std::string light_of(const tone_findings& tone) {
  return tone.brightness < dark     ? "dark"
         : tone.brightness > bright ? "bright"
                                    : "evenly lit";
}

std::vector<std::string> color_names(const findings& x, size_t most) {
  std::vector<std::string> names;
  for (auto& color : x.colors)
    if (names.size() < most)
      names.push_back(color.name);
  return names;
}

void add(std::vector<std::string>& to, const std::string& word) {
  if (!word.empty() && std::find(to.begin(), to.end(), word) == to.end())
    to.push_back(word);
}

std::vector<std::string> tags_of(const findings& x) {
  auto tags = kinds_of(x);
  if (!x.faces.empty())
    add(tags, "face");
  if (x.has_low_sun)
    add(tags, "low sun");
  if (!x.text.empty())
    add(tags, "text");
  for (auto& name : color_names(x, 5))
    add(tags, name);
  add(tags, light_of(x.tone));
  if (auto tint = temperature_of(x.tone); tint != "neutral")
    add(tags, tint + " colors");
  add(tags, style_of(x));
  add(tags, sharpness_of(x.tone));
  add(tags, x.exif.year);
  if (x.exif.has_place)
    add(tags, "geotagged");
  return tags;
}

std::vector<std::string> categories_of(const findings& x) {
  std::vector<std::string> categories;
  auto people = std::count_if(x.objects.begin(), x.objects.end(),
                              [](auto& y) { return y.name == "person"; });
  if (people > 1)
    add(categories, "group");
  else if (people > 0)
    add(categories, !x.faces.empty() && x.faces.front().height > close_up
                      ? "portrait"
                      : "people");
  add(categories, x.exif.camera.empty() ? "image" : "photograph");
  if (x.tone.colorfulness < gray)
    add(categories, "black and white");
  if (!x.colors.empty() && x.colors.front().share > plain_share)
    add(categories, "minimal");
  return categories;
}

std::string article(const std::string& word) {
  return std::string("aeiou").find(word[0]) == std::string::npos ? "A " : "An ";
}

/// "Two dogs in a bright image in sky blue, white and tan", or "A bright image
/// …" if there is no subject.
std::string sentence_of(const findings& x) {
  auto light = light_of(x.tone);
  auto subject = subject_of(x);
  auto text = article(light) + light + " "
              + (x.exif.camera.empty() ? "image" : "photograph");
  if (x.tone.colorfulness < gray)
    text += " in black and white";
  else
    text += " in " + joined(color_names(x, named_colors), " and ");
  if (subject.empty())
    return text;
  text[0] = 'a';
  subject[0] = static_cast<char>(std::toupper(subject[0]));
  return subject + " in " + text;
}

std::string description_of(const findings& x) {
  auto text = sentence_of(x) + ".";
  if (subject_of(x).empty())
    text = "No subject recognised. " + text;
  if (!x.text.empty())
    text += " It reads \"" + x.text + "\".";
  return text;
}

std::string details_of(const findings& x) {
  auto text = description_of(x) + " The mood is " + mood_of(x.tone)
              + ", the rendering " + style_of(x) + ".";
  std::vector<std::string> shares;
  for (auto& color : x.colors)
    shares.push_back(color.name + " ("
                     + std::to_string(std::lround(color.share * 100)) + " %)");
  text += " Main colors: " + joined(shares, " and ") + ".";
  if (!x.layout.focal_point.empty())
    text += " The eye is drawn to the " + x.layout.focal_point + ".";
  if (auto word = sharpness_of(x.tone); !word.empty())
    text += " It is " + word + ".";
  text += " " + std::to_string(x.width) + " x " + std::to_string(x.height)
          + " pixels (" + x.layout.aspect_ratio + ").";
  if (!x.exif.camera.empty())
    text += " Taken with " + x.exif.camera
            + (x.exif.exposure.empty() ? "" : ", " + x.exif.exposure)
            + (x.exif.flash ? ", with flash" : "") + ".";
  if (!x.exif.year.empty())
    text += " Taken in " + (x.exif.month.empty() ? "" : x.exif.month + " ")
            + x.exif.year + ".";
  return text;
}

/// What a search compares: the subject before all that every picture has.
std::string searchable_of(const findings& x, const image_metadata& said) {
  auto text = sentence_of(x) + ".";
  if (!x.text.empty())
    text += " " + x.text + ".";
  text += " " + said.mood + " mood, " + joined(said.tags, ", ") + ".";
  for (auto& word : {x.exif.camera, x.exif.month, x.exif.year})
    text += word.empty() ? "" : " " + word;
  return text;
}

} // namespace

std::string temperature_of(const tone_findings& tone) {
  if (tone.colorfulness < gray)
    return "neutral";
  return tone.warmth > warm ? "warm" : tone.warmth < cold ? "cool" : "neutral";
}

std::string mood_of(const tone_findings& tone) {
  auto tint = temperature_of(tone);
  if (tone.brightness < dark)
    return tone.colorfulness < muted
             ? tone.contrast > soft ? "dramatic" : "somber"
           : tint == "warm" ? "cozy"
                            : "mysterious";
  if (tone.colorfulness > vivid && tone.brightness > light)
    return tint == "cool" ? "fresh" : "cheerful";
  if (tone.colorfulness > vivid)
    return "intense";
  if (tone.brightness > bright)
    return tint == "warm" ? "sunny" : tint == "cool" ? "fresh" : "airy";
  if (tone.colorfulness < muted)
    return tone.contrast > hard ? "serious" : "calm";
  return tint == "warm" ? "warm" : tint == "cool" ? "serene" : "balanced";
}

std::string style_of(const findings& found) {
  auto& tone = found.tone;
  if (tone.colorfulness < gray)
    return tone.contrast > hard ? "high contrast black and white"
                                : "black and white";
  if (!found.colors.empty() && found.colors.front().share > plain_share)
    return "minimal";
  if (tone.contrast > hard)
    return "high contrast";
  return tone.colorfulness > vivid   ? "vivid"
         : tone.colorfulness < muted ? "muted"
                                     : "natural";
}

std::string sharpness_of(const tone_findings& tone) {
  if (tone.contrast < flat || tone.sharpness == 0)
    return {};
  return tone.sharpness < blurred ? "blurred"
         : tone.sharpness > sharp ? "sharp"
                                  : "soft";
}

image_metadata put_into_words(const findings& found) {
  image_metadata said;
  said.description = description_of(found);
  said.detailed_description = details_of(found);
  said.tags = tags_of(found);
  said.categories = categories_of(found);
  said.objects = kinds_of(found);
  if (!found.faces.empty())
    add(said.objects, "face");
  said.colors = colors_json(found);
  said.mood = mood_of(found.tone);
  said.style = style_of(found);
  said.composition = composition_json(found);
  said.searchable_text = searchable_of(found, said);
  return said;
}

} // namespace darkroom
