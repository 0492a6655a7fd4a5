#include "config/read_providers.hpp"

#include "config/nearest.hpp"
#include "config/read_variants.hpp"
#include "config/units.hpp"
#include "config/words.hpp"

#include <algorithm>
#include <cstdlib>
#include <sstream>

namespace darkroom {

namespace {

constexpr size_t max_providers = 8; ///< each may cost a job a call

/// Reads one entry; the first mistake ends it.
class provider_reader {
public:
  provider_reader(const toml::table& from, std::string title,
                  const std::string& file)
    : from_(from),
      title_(std::move(title)),
      file_(file) {}

  result<provider_settings> read() {
    for (auto step : {&provider_reader::check_keys, &provider_reader::read_kind,
                      &provider_reader::read_texts, &provider_reader::read_key,
                      &provider_reader::read_numbers})
      if (auto done = (this->*step)(); !done)
        return std::move(done.error());
    return made_;
  }

private:
  error wrong(const toml::node& node, const std::string& why) const {
    return fail(ec::bad_config,
                position(file_, node.source()) + ": " + title_ + ' ' + why);
  }

  status check_keys() {
    std::vector<std::string> known;
    for (const auto& x : provider_keys())
      known.push_back(x.name);
    for (const auto& [key, node] : from_)
      if (std::find(known.begin(), known.end(), key.str()) == known.end())
        return fail(ec::bad_config, position(file_, key.source())
                                      + ": unknown key '"
                                      + std::string{key.str()} + "' in "
                                      + title_ + suggestion(key.str(), known));
    return ok;
  }

  status read_text(const char* key, std::string& to) {
    auto node = from_.get(key);
    if (node == nullptr)
      return ok;
    if (!node->is_string())
      return wrong(*node, std::string{key} + " must be a string");
    to = trimmed(**node->as_string());
    return ok;
  }

  status read_kind() {
    if (auto done = read_text("kind", made_.kind); !done)
      return done;
    if (made_.kind != "openai" && made_.kind != "local")
      return wrong(*from_.get("kind"), "kind must be \"openai\" or \"local\"");
    return ok;
  }

  status read_texts() {
    if (auto done = read_text("base_url", made_.base_url); !done)
      return done;
    if (auto done = read_text("model", made_.model); !done)
      return done;
    if (made_.kind == "local")
      return ok;
    auto& url = made_.base_url;
    while (!url.empty() && url.back() == '/')
      url.pop_back();
    if (url.rfind("http://", 0) != 0 && url.rfind("https://", 0) != 0)
      return wrong(from_, "needs a base_url that begins with http:// or "
                          "https://");
    if (made_.model.empty())
      return wrong(from_, "needs the name of a model");
    return ok;
  }

  status read_key() {
    std::string variable;
    if (auto done = read_text("api_key", made_.api_key); !done)
      return done;
    if (auto done = read_text("api_key_env", variable); !done)
      return done;
    if (variable.empty())
      return ok;
    const auto* value = std::getenv(variable.c_str());
    if (value == nullptr || trimmed(value).empty())
      return wrong(*from_.get("api_key_env"), "names the environment variable '"
                                                + variable
                                                + "', which is not set");
    made_.api_key = trimmed(value);
    return ok;
  }

  status read_numbers() {
    if (auto node = from_.get("dimensions")) {
      auto number = node->is_integer() ? **node->as_integer() : 0;
      if (number < 1 || number > 65536)
        return wrong(*node,
                     "dimensions must be a whole number from 1 to 65536");
      made_.dimensions = static_cast<uint32_t>(number);
    }
    if (auto node = from_.get("timeout")) {
      auto span = parse_duration(node->is_integer()
                                   ? std::to_string(**node->as_integer())
                                   : node->value_or(std::string{}));
      if (!span || *span < std::chrono::milliseconds{100}
          || *span > std::chrono::hours{1})
        return wrong(*node,
                     "timeout must be a duration from 100ms to 1h, as \"30s\"");
      made_.timeout = *span;
    }
    if (auto done = read_price("price_in", made_.price_in); !done)
      return done;
    return read_price("price_out", made_.price_out);
  }

  status read_price(const char* key, double& to) {
    auto node = from_.get(key);
    if (node == nullptr)
      return ok;
    auto value = node->value_or(-1.0);
    if (!node->is_number() || !(value >= 0 && value <= 1e9))
      return wrong(*node, std::string{key}
                            + " must be a number from 0 to "
                              "1000000000");
    to = value;
    return ok;
  }

  const toml::table& from_;
  std::string title_;
  const std::string& file_;
  provider_settings made_;
};

} // namespace

result<std::vector<provider_settings>>
read_providers(const std::string& section, const toml::node& node,
               const std::string& file) {
  auto title = "[[" + section + ".providers]]";
  auto where = position(file, node.source()) + ": " + title + ' ';
  auto list = node.as_array();
  if (list == nullptr)
    return fail(ec::bad_config,
                where + "is written with double brackets, once per provider");
  if (list->size() > max_providers)
    return fail(ec::bad_config, where + "must have at most "
                                  + std::to_string(max_providers) + " entries");
  std::vector<provider_settings> out;
  for (const auto& each : *list) {
    auto table = each.as_table();
    if (table == nullptr)
      return fail(ec::bad_config, where + "must consist of tables");
    auto read = provider_reader{*table, title, file}.read();
    if (!read)
      return std::move(read.error());
    out.push_back(std::move(*read));
  }
  return out;
}

} // namespace darkroom
