#include "config/read_variants.hpp"

#include "config/nearest.hpp"

#include <algorithm>
#include <set>
#include <sstream>
#include <utility>

namespace darkroom {

namespace {

error wrong(const std::string& file, const toml::node& node,
            const std::string& why) {
  return fail(ec::bad_config,
              position(file, node.source()) + ": [[variants]] " + why);
}

bool is_name(const std::string& text) {
  return !text.empty() && text.size() <= 32
         && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_")
              == std::string::npos;
}

/// Reads one entry; the first mistake ends it.
class recipe_reader {
public:
  recipe_reader(const toml::table& from, const std::string& file)
    : from_(from),
      file_(file) {}

  result<variant_recipe> read() {
    for (auto step :
         {&recipe_reader::check_keys, &recipe_reader::read_name,
          &recipe_reader::read_box, &recipe_reader::read_fit,
          &recipe_reader::read_formats, &recipe_reader::read_quality})
      if (auto done = (this->*step)(); !done)
        return std::move(done.error());
    return made_;
  }

private:
  status check_keys() {
    std::vector<std::string> known;
    for (const auto& x : variant_keys())
      known.push_back(x.name);
    for (const auto& [key, node] : from_)
      if (std::find(known.begin(), known.end(), key.str()) == known.end())
        return fail(ec::bad_config,
                    position(file_, key.source()) + ": unknown key '"
                      + std::string{key.str()} + "' in [[variants]]"
                      + suggestion(key.str(), known));
    return ok;
  }

  status read_name() {
    auto node = from_.get("name");
    if (node == nullptr)
      return wrong(file_, from_, "needs a name, such as \"thumb\"");
    auto text = node->value_or(std::string{});
    if (!node->is_string() || !is_name(text))
      return wrong(file_, *node,
                   "name must be a string of 1 to 32 characters from a-z, 0-9, "
                   "'-' and '_', because files are called so");
    made_.name = text;
    return ok;
  }

  status read_box() {
    if (auto done = read_number("width", max_encoded_edge, made_.width); !done)
      return done;
    if (auto done = read_number("height", max_encoded_edge, made_.height);
        !done)
      return done;
    if (made_.width == 0 && made_.height == 0)
      return wrong(file_, from_,
                   "'" + made_.name + "' needs a width, a height, or both");
    return ok;
  }

  status read_fit() {
    auto node = from_.get("fit");
    if (node == nullptr)
      return ok;
    auto text = node->value_or(std::string{});
    if (text != "inside" && text != "cover")
      return wrong(file_, *node, "fit must be \"inside\" or \"cover\"");
    if (text == "cover" && (made_.width == 0 || made_.height == 0))
      return wrong(file_, *node,
                   "fit = \"cover\" needs both a width and a height");
    made_.fit = text == "cover" ? picture_fit::cover : picture_fit::inside;
    return ok;
  }

  status read_formats() {
    auto node = from_.get("format");
    if (node == nullptr) {
      made_.formats = default_recipes.front().formats;
      return ok;
    }
    if (auto list = node->as_array()) {
      for (const auto& each : *list)
        if (auto done = add_format(each); !done)
          return done;
    } else if (auto done = add_format(*node); !done) {
      return done;
    }
    if (made_.formats.empty())
      return wrong(file_, *node, "format must name at least one format");
    return ok;
  }

  status add_format(const toml::node& node) {
    auto format = to_picture_format(node.value_or(std::string{}));
    if (!format)
      return wrong(file_, node,
                   "format must be \"webp\", \"avif\", \"jpeg\", or an array "
                   "of them");
    auto& all = made_.formats;
    if (std::find(all.begin(), all.end(), *format) == all.end())
      all.push_back(*format);
    return ok;
  }

  status read_quality() {
    uint32_t quality = 0;
    auto done = read_number("quality", 100, quality);
    if (done && quality > 0)
      made_.quality = quality;
    return done;
  }

  status read_number(const char* key, uint32_t most, uint32_t& to) {
    auto node = from_.get(key);
    if (node == nullptr)
      return ok;
    auto number = node->is_integer() ? **node->as_integer() : 0;
    if (number < 1 || number > most)
      return wrong(file_, *node,
                   std::string{key} + " must be a whole number from 1 to "
                     + std::to_string(most) + ", without quotes");
    to = static_cast<uint32_t>(number);
    return ok;
  }

  const toml::table& from_;
  const std::string& file_;
  variant_recipe made_;
};

} // namespace

std::string position(const std::string& file, const toml::source_region& at) {
  std::ostringstream out;
  out << file << ':' << at.begin.line << ':' << at.begin.column;
  return out.str();
}

result<std::vector<variant_recipe>> read_variants(const toml::node& node,
                                                  const std::string& file) {
  auto list = node.as_array();
  if (list == nullptr)
    return wrong(file, node,
                 "is written with double brackets, once per variant");
  if (list->empty() || list->size() > max_recipes)
    return wrong(file, node,
                 "must have 1 to " + std::to_string(max_recipes) + " entries");
  std::vector<variant_recipe> out;
  std::set<std::pair<std::string, picture_format>> taken;
  for (const auto& each : *list) {
    auto table = each.as_table();
    if (table == nullptr)
      return wrong(file, each, "must consist of tables");
    auto recipe = recipe_reader{*table, file}.read();
    if (!recipe)
      return std::move(recipe.error());
    for (auto format : recipe->formats)
      if (!taken.emplace(recipe->name, format).second)
        return wrong(file, each,
                     "'" + recipe->name + "' has " + to_string(format)
                       + " twice: one of the files would replace the other");
    out.push_back(std::move(*recipe));
  }
  return out;
}

} // namespace darkroom
