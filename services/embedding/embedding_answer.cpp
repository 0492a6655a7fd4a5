#include "services/embedding/embedding_answer.hpp"

#include "services/embedding/normalise.hpp"
#include "services/json/json.hpp"

namespace darkroom {

namespace {

using nlohmann::json;

error malformed(const std::string& model, const std::string& why) {
  return fail(ec::upstream_failed,
              "embedding model '" + model + "' answered " + why);
}

} // namespace

result<std::vector<float>> read_embedding(const std::string& body,
                                          const embedding_settings& cfg) {
  auto answer = parse_json(body);
  auto at = json::json_pointer("/data/0/embedding");
  if (!answer || !answer->contains(at) || !(*answer)[at].is_array())
    return malformed(cfg.model, "without data[0].embedding");
  std::vector<float> vector;
  for (auto& x : (*answer)[at]) {
    if (!x.is_number())
      return malformed(cfg.model, "with something that is not a number");
    vector.push_back(x.get<float>());
  }
  if (vector.size() != cfg.dimensions)
    return malformed(cfg.model, std::to_string(vector.size())
                                  + " floats, but embedding.dimensions asks "
                                    "for "
                                  + std::to_string(cfg.dimensions));
  if (!normalise(vector))
    return malformed(cfg.model, "with a vector that has no direction");
  return vector;
}

} // namespace darkroom
