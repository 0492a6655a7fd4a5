#include "config/setting_changes.hpp"

#include "config/field.hpp"
#include "config/words.hpp"

#include <tuple>

namespace darkroom {

namespace {

auto members_of(const provider_settings& x) {
  return std::tie(x.kind, x.base_url, x.api_key, x.model, x.dimensions,
                  x.timeout, x.price_in, x.price_out);
}

bool are_equal(const std::vector<provider_settings>& a,
               const std::vector<provider_settings>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) {
                      return members_of(x) == members_of(y);
                    });
}

/// For people: the entries of a list of tables, "none" if there is none.
template <class T>
std::string words_for(const std::vector<T>& list) {
  std::vector<std::string> words;
  words.reserve(list.size());
  for (const auto& x : list)
    words.push_back(describe(x));
  return words.empty() ? "none" : darkroom::joined(words, "; ", "; ");
}

template <class T>
void add(std::vector<setting_change>& out, const std::string& key,
         const std::vector<T>& before, const std::vector<T>& after) {
  out.push_back({key, words_for(before), words_for(after)});
}

} // namespace

std::vector<setting_change> changes_between(const settings& before,
                                            const settings& after) {
  std::vector<setting_change> out;
  for (const auto& row : all_fields()) {
    auto old_text = read_field(row, before);
    auto new_text = read_field(row, after);
    if (old_text != new_text)
      out.push_back({row.name(), shown(row, old_text), shown(row, new_text)});
  }
  const auto& a = before;
  const auto& b = after;
  if (words_for(a.imaging.variants) != words_for(b.imaging.variants))
    add(out, "variants", a.imaging.variants, b.imaging.variants);
  if (!are_equal(a.vision.providers, b.vision.providers))
    add(out, "vision.providers", a.vision.providers, b.vision.providers);
  if (!are_equal(a.embedding.providers, b.embedding.providers))
    add(out, "embedding.providers", a.embedding.providers,
        b.embedding.providers);
  return out;
}

void copy_settings(
  const settings& from, settings& to,
  const std::function<bool(const std::string& key)>& is_wanted) {
  for (const auto& row : all_fields())
    if (is_wanted(row.name()))
      (void)write_field(row, read_field(row, from), to); // it was valid there
  if (is_wanted("variants"))
    to.imaging.variants = from.imaging.variants;
  if (is_wanted("vision.providers"))
    to.vision.providers = from.vision.providers;
  if (is_wanted("embedding.providers"))
    to.embedding.providers = from.embedding.providers;
}

} // namespace darkroom
