#include "services/provider/provider_list.hpp"

#include "config/words.hpp"
#include "services/provider/profile_id.hpp"

#include <algorithm>
#include <cctype>

namespace darkroom {

namespace {

provider_settings tidied(provider_settings x) {
  x.api_key = trimmed(x.api_key);
  x.base_url = trimmed(x.base_url);
  x.model = trimmed(x.model);
  while (x.base_url.ends_with('/'))
    x.base_url.pop_back();
  return x;
}

/// @param cfg vision_settings or embedding_settings
template <class Settings>
result<std::string> kind_of(const Settings& cfg, const char* section) {
  auto is_default = cfg.base_url == Settings{}.base_url;
  if (cfg.provider == "auto")
    return std::string(cfg.api_key.empty() && is_default ? "local" : "openai");
  if (cfg.provider == "local" || cfg.provider == "openai")
    return std::string(cfg.provider);
  return fail(ec::bad_config, std::string(section) + ".provider is '"
                                + cfg.provider
                                + "': use auto, openai or local");
}

template <class Settings>
result<provider_list> list_of(const Settings& cfg, const char* section) {
  auto out = cfg.providers;
  if (out.empty()) {
    auto kind = kind_of(cfg, section);
    if (!kind)
      return std::move(kind.error());
    provider_settings one;
    one.kind = *kind;
    one.base_url = cfg.base_url;
    one.api_key = cfg.api_key;
    one.model = cfg.model;
    one.timeout = cfg.timeout;
    one.price_in = cfg.price_in;
    out.push_back(std::move(one));
  }
  for (auto& x : out) {
    if (x.kind != "openai" && x.kind != "local")
      return fail(ec::bad_config, std::string(section)
                                    + ".providers has the kind '" + x.kind
                                    + "': use openai or local");
    x = tidied(std::move(x));
  }
  return out;
}

} // namespace

result<provider_list> providers_of(const vision_settings& cfg) {
  auto out = list_of(cfg, "vision");
  if (out && cfg.providers.empty())
    out->front().price_out = cfg.price_out;
  return out;
}

result<provider_list> providers_of(const embedding_settings& cfg) {
  auto out = list_of(cfg, "embedding");
  if (out && cfg.providers.empty())
    out->front().dimensions = cfg.dimensions;
  return out;
}

std::vector<std::string> profiles_of(const provider_list& providers) {
  std::vector<std::string> out;
  for (const auto& x : providers)
    out.push_back(profile_id(x));
  return out;
}

std::string host_of(const provider_settings& provider) {
  if (provider.kind == "local")
    return "local";
  const auto& url = provider.base_url;
  auto scheme = url.find("://");
  auto host = scheme == std::string::npos ? url : url.substr(scheme + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  host = host.substr(host.rfind('@') + 1);
  std::transform(host.begin(), host.end(), host.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return host;
}

bool is_local(const provider_list& providers) {
  return std::all_of(providers.begin(), providers.end(),
                     [](auto& x) { return x.kind == "local"; });
}

} // namespace darkroom
