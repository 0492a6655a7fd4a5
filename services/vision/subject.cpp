#include "services/vision/subject.hpp"

#include "config/words.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace darkroom {

namespace {

constexpr size_t most_kinds = 5; // in one sentence

constexpr std::array<const char*, 11> number_words{"no",    "one",   "two",
                                                   "three", "four",  "five",
                                                   "six",   "seven", "eight",
                                                   "nine",  "ten"};

struct irregular {
  std::string_view one;
  std::string_view many;
};

/// COCO's names whose plural is not made by -s or -es.
constexpr irregular plurals[] = {{"person", "people"},     {"sheep", "sheep"},
                                 {"knife", "knives"},      {"mouse", "mice"},
                                 {"scissors", "scissors"}, {"skis", "skis"},
                                 {"broccoli", "broccoli"}};

bool ends_with(std::string_view word, std::string_view end) {
  return word.size() >= end.size()
         && word.substr(word.size() - end.size()) == end;
}

std::string plural_of(const std::string& name) {
  for (const auto& x : plurals)
    if (x.one == name)
      return std::string{x.many};
  for (auto hiss : {"s", "sh", "ch", "x"})
    if (ends_with(name, hiss))
      return name + "es";
  return name + "s";
}

std::string with_article(const std::string& name) {
  if (name == "scissors" || name == "skis" || name == "broccoli")
    return name;
  auto vowel = std::string_view("aeiou").find(name[0]);
  return (vowel == std::string_view::npos ? "a " : "an ") + name;
}

std::string number_of(size_t count, const std::string& name) {
  if (count == 1)
    return with_article(name);
  auto number = count < number_words.size() ? std::string{number_words[count]}
                                            : std::to_string(count);
  return number + " " + plural_of(name);
}

} // namespace

std::vector<std::string> kinds_of(const findings& found) {
  std::vector<std::string> kinds;
  for (const auto& x : found.objects)
    if (std::find(kinds.begin(), kinds.end(), x.name) == kinds.end())
      kinds.push_back(x.name);
  return kinds;
}

std::string subject_of(const findings& found) {
  std::vector<std::string> parts;
  for (const auto& kind : kinds_of(found)) {
    if (parts.size() == most_kinds)
      break;
    auto count = std::count_if(found.objects.begin(), found.objects.end(),
                               [&](const auto& x) { return x.name == kind; });
    parts.push_back(number_of(static_cast<size_t>(count), kind));
  }
  if (found.has_low_sun)
    parts.emplace_back("the low sun of a sunset or sunrise");
  return joined(parts, " and ");
}

} // namespace darkroom
