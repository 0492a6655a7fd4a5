/// `darkroom doctor`: whether a worker node would be let in.
#include "actors/jobs/job_type.hpp"
#include "nodes/cluster/find_traits.hpp"
#include "nodes/doctor/doctor.hpp"
#include "nodes/main_api.hpp"
#include "services/json/json.hpp"

namespace darkroom {

namespace {

const std::string check = "equal nodes";

node_traits read_traits(const nlohmann::json& list) {
  node_traits out;
  for (const auto& x : list)
    if (x.is_object())
      out.push_back({text_member(x, "what"), text_member(x, "value"),
                     text_member(x, "where"), x.value("isDefault", false)});
  return out;
}

} // namespace

findings check_traits(const settings& config) {
  auto job_types = job_types_of(config.worker);
  if (!job_types)
    return {{check, health::fail, job_types.error().context,
             "correct [worker] job_types"}};
  node_traits settled;
  auto ours = traits_of(config, *job_types, settled);
  if (!ours)
    return {
      {check, health::fail, ours.error().context,
       "a main node does not let this worker in until this is corrected"}};
  auto url = main_url({}, config.http);
  auto all = ask_main(url + "/api/nodes", {}, doctor_api_timeout);
  if (!all || !all->contains("main") || !(*all)["main"].contains("traits"))
    return {}; // nothing to compare with; another check reports that
  auto difference = name_difference(read_traits((*all)["main"]["traits"]),
                                    *ours);
  if (!difference.empty())
    return {{check, health::fail, difference,
             "the main node does not let this worker in"}};
  return {};
}

} // namespace darkroom
