#include "services/vision/measure.hpp"

#include <cmath>
#include <cstdlib>

namespace darkroom {

namespace {

/// The value of a tag, under its own name or libvips' ("exif-ifd0-Model"),
/// without libvips' note on its type (" (Canon, ASCII, 6 components, …)").
std::string value_of(const vision_input& picture, const std::string& tag) {
  for (auto& [key, value] : picture.exif) {
    auto named = key == tag
                 || (key.size() > tag.size() + 1
                     && key.compare(key.size() - tag.size() - 1,
                                    std::string::npos, "-" + tag)
                          == 0);
    if (!named)
      continue;
    auto note = value.rfind(" (");
    auto text = value.find("component", note) != std::string::npos
                    && note != std::string::npos
                  ? value.substr(0, note)
                  : value;
    auto last = text.find_last_not_of(" \t\r\n");
    return last == std::string::npos ? std::string() : text.substr(0, last + 1);
  }
  return {};
}

/// Reads "28/10" as 2.8; 0 if it is not a number.
double number_of(const std::string& text) {
  char* end = nullptr;
  auto value = std::strtod(text.c_str(), &end);
  if (end && *end == '/')
    if (auto divisor = std::strtod(end + 1, nullptr); divisor > 0)
      value /= divisor;
  return value;
}

std::string rounded(double value) {
  auto tenths = std::llround(value * 10);
  auto text = std::to_string(tenths / 10);
  return tenths % 10 ? text + "." + std::to_string(tenths % 10) : text;
}

std::string exposure_of(const vision_input& picture) {
  std::string all;
  auto add = [&all](const std::string& part) {
    all += (all.empty() ? "" : ", ") + part;
  };
  if (auto f = number_of(value_of(picture, "FNumber")); f > 0)
    add("f/" + rounded(f));
  if (auto s = number_of(value_of(picture, "ExposureTime")); s > 0)
    add(s < 0.5 ? "1/" + rounded(std::round(1 / s)) + " s" : rounded(s) + " s");
  if (auto iso = number_of(value_of(picture, "ISOSpeedRatings")); iso > 0)
    add("ISO " + rounded(iso));
  if (auto mm = number_of(value_of(picture, "FocalLength")); mm > 0)
    add(rounded(mm) + " mm");
  return all;
}

std::string camera_of(const vision_input& picture) {
  auto make = value_of(picture, "Make");
  auto model = value_of(picture, "Model");
  auto first = make.substr(0, make.find(' ')); // "NIKON CORPORATION"
  if (make.empty() || model.rfind(first, 0) == 0)
    return model;
  return model.empty() ? make : make + " " + model;
}

/// "2024:07:14 18:30:00"
void read_date(const std::string& text, exif_findings& into) {
  const char* months[] = {"January",   "February", "March",    "April",
                          "May",       "June",     "July",     "August",
                          "September", "October",  "November", "December"};
  auto year = std::atoi(text.substr(0, 4).c_str());
  auto month = text.size() >= 7 ? std::atoi(text.substr(5, 2).c_str()) : 0;
  if (year < 1826 || year > 9999) // the oldest photograph is from 1826
    return;
  into.year = std::to_string(year);
  if (month >= 1 && month <= 12)
    into.month = months[month - 1];
}

} // namespace

exif_findings read_exif(const vision_input& picture) {
  exif_findings facts;
  facts.camera = camera_of(picture);
  auto taken = value_of(picture, "DateTimeOriginal");
  read_date(taken.empty() ? value_of(picture, "DateTime") : taken, facts);
  facts.exposure = exposure_of(picture);
  facts.has_place = !value_of(picture, "GPSLatitude").empty();
  auto flash = value_of(picture, "Flash");
  facts.flash = flash.rfind("Flash fired", 0) == 0
                || (static_cast<int>(number_of(flash)) & 1) == 1;
  return facts;
}

} // namespace darkroom
