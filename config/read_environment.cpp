#include "config/read_environment.hpp"

#include "config/field.hpp"
#include "config/nearest.hpp"
#include "config/redis_url.hpp"

#include <unistd.h>

#include <algorithm>

namespace darkroom {

namespace {

constexpr auto openai_url = "https://api.openai.com/v1";
/// OpenRouter puts the maker before the model's name, OpenAI does not.
constexpr auto openai_embedding_model = "text-embedding-3-small";

/// DARKROOM_ variables that are not settings.
const std::set<std::string> reserved{"DARKROOM_API_TOKEN", "DARKROOM_CONFIG",
                                     "DARKROOM_MAIN"};

std::string origin(const std::string& variable) {
  return "environment variable " + variable;
}

std::string value(const environment& variables, const std::string& name) {
  auto found = variables.find(name);
  return found == variables.end() ? std::string{} : found->second;
}

void share_openai_key(const environment& variables,
                      const std::set<std::string>& set_elsewhere,
                      std::vector<assignment>& to) {
  auto key = value(variables, "OPENAI_API_KEY");
  if (key.empty() || !value(variables, "OPENROUTER_API_KEY").empty()
      || !value(variables, "DARKROOM_EMBEDDING_API_KEY").empty()
      || set_elsewhere.count("embedding.api_key") > 0)
    return;
  to.push_back({"embedding.api_key", key, origin("OPENAI_API_KEY")});
  auto url = value(variables, "OPENAI_BASE_URL");
  if (set_elsewhere.count("embedding.base_url") == 0)
    to.push_back({"embedding.base_url", url.empty() ? openai_url : url,
                  origin(url.empty() ? "OPENAI_API_KEY" : "OPENAI_BASE_URL")});
  if (set_elsewhere.count("embedding.model") == 0
      && value(variables, "OPENROUTER_BASE_URL").empty())
    to.push_back(
      {"embedding.model", openai_embedding_model, origin("OPENAI_API_KEY")});
}

status read_redis_url(const environment& variables,
                      std::vector<assignment>& to) {
  auto url = value(variables, "REDIS_URL");
  if (url.empty())
    return ok;
  auto from = origin("REDIS_URL");
  auto parsed = parse_redis_url(url);
  if (!parsed)
    return fail(ec::bad_config, from + ' ' + parsed.error().context);
  to.push_back({"redis.host", parsed->host, from});
  to.push_back({"redis.port", std::to_string(parsed->port), from});
  if (parsed->tls)
    to.push_back({"redis.tls", "true", from});
  if (parsed->username)
    to.push_back({"redis.username", *parsed->username, from});
  if (parsed->password)
    to.push_back({"redis.password", *parsed->password, from});
  if (parsed->database)
    to.push_back({"redis.database", std::to_string(*parsed->database), from});
  return ok;
}

std::vector<std::string> unknown_names(const environment& variables) {
  std::vector<std::string> known{reserved.begin(), reserved.end()};
  for (const auto& row : all_fields())
    known.push_back(environment_name(row));
  std::vector<std::string> warnings;
  for (const auto& [name, text] : variables)
    if (name.rfind("DARKROOM_", 0) == 0
        && std::find(known.begin(), known.end(), name) == known.end())
      warnings.push_back("environment variable " + name + " names no setting"
                         + suggestion(name, known));
  return warnings;
}

} // namespace

environment capture_environment() {
  environment variables;
  for (auto entry = environ; *entry != nullptr; ++entry) {
    std::string line{*entry};
    auto equals = line.find('=');
    if (equals != std::string::npos)
      variables.emplace(line.substr(0, equals), line.substr(equals + 1));
  }
  return variables;
}

result<environment_layer>
read_environment(const environment& variables,
                 const std::set<std::string>& set_elsewhere) {
  environment_layer layer;
  auto add = [&](const field& row, const std::string& variable) {
    auto text = value(variables, variable);
    if (!variable.empty() && !text.empty())
      layer.assignments.push_back({row.name(), text, origin(variable)});
  };
  share_openai_key(variables, set_elsewhere, layer.assignments);
  for (const auto& row : all_fields())
    add(row, row.env);
  auto done = read_redis_url(variables, layer.assignments);
  if (!done)
    return std::move(done.error());
  for (const auto& row : all_fields())
    add(row, environment_name(row));
  layer.warnings = unknown_names(variables);
  return layer;
}

} // namespace darkroom
