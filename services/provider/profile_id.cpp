#include "services/provider/profile_id.hpp"

#include "services/provider/provider_list.hpp"
#include "services/storage/sha256.hpp"

namespace darkroom {

namespace {

constexpr size_t id_digits = 10; // 40 bits: a cluster has a few profiles
constexpr size_t most_name = 80; // bytes of the model's and the host's name

std::string hash_of(std::string_view text) {
  sha256_sum sum;
  sum.add(text);
  return sum.hex();
}

/// What a log line, a Redis key and a metric's label may have.
std::string plain(const std::string& name) {
  auto out = name.substr(0, most_name);
  for (auto& c : out)
    if (c <= ' ' || c > '~' || c == '"' || c == '\\')
      c = '_';
  return out;
}

} // namespace

std::string profile_id(const provider_settings& provider) {
  if (provider.kind == "local")
    return {};
  sha256_sum sum;
  for (const auto& part : {provider.kind, provider.base_url,
                           hash_of(provider.api_key), provider.model}) {
    sum.add(part);
    sum.add("\n");
  }
  return plain(provider.model) + "@" + plain(host_of(provider)) + "#"
         + sum.hex().substr(0, id_digits);
}

} // namespace darkroom
