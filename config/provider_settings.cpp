#include "config/provider_settings.hpp"

#include "config/units.hpp"

namespace darkroom {

std::string describe(const provider_settings& x) {
  if (x.kind == "local")
    return "local";
  auto out = x.model + " at " + x.base_url;
  if (x.api_key.empty())
    out += ", without a key";
  if (x.price_in > 0 || x.price_out > 0)
    out += ", " + format_amount(x.price_in) + " and "
           + format_amount(x.price_out) + " per million tokens";
  return out;
}

const std::vector<provider_key>& provider_keys() {
  static const std::vector<provider_key> keys{
    {"kind", "\"openai\" or \"local\"",
     "An API like OpenAI's (default), or this machine's own models."},
    {"base_url", "an http(s) URL", "Needed by openai."},
    {"model", "a text that is not empty", "Needed by openai."},
    {"api_key", "any text", "Its key. Secret."},
    {"api_key_env", "a variable's name",
     "Reads the key from the environment instead of the file."},
    {"dimensions", "1 to 65536", "Length of an embedding; the default is 512."},
    {"timeout", "a duration from 100ms to 1h",
     "How long it may take to answer; the default is 60s."},
    {"price_in", "0 to 1000000000",
     "What a million tokens cost that are sent to it."},
    {"price_out", "0 to 1000000000",
     "What a million tokens of its answers cost."},
  };
  return keys;
}

} // namespace darkroom
