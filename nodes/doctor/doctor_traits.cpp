/// `darkroom doctor`: whether a worker node would be let in.
#include "actors/jobs/job_type.hpp"
#include "nodes/cluster/find_traits.hpp"
#include "nodes/doctor/doctor.hpp"
#include "nodes/main_api.hpp"
#include "services/json/json.hpp"
#include "services/storage/main_mark.hpp"
#include "services/storage/names.hpp"

namespace darkroom {

namespace {

const std::string check = "equal nodes";

bool is_true(const nlohmann::json& object, const char* key) {
  auto found = object.find(key);
  return found != object.end() && found->is_boolean() && found->get<bool>();
}

node_traits read_traits(const nlohmann::json& list) {
  node_traits out;
  for (const auto& x : list)
    if (x.is_object())
      out.push_back({text_member(x, "what"), text_member(x, "value"),
                     text_member(x, "where"), is_true(x, "isDefault")});
  return out;
}

/// Reads the mark that the main node left beside its pictures, as a worker does
/// when it joins.
findings check_copy(const settings& config, const nlohmann::json& mark,
                    const node_traits& main, const node_traits& worker) {
  auto name = text_member(mark, "name");
  if (!is_main_mark(name) || find_trait(worker, uploads_trait_name) == nullptr)
    return {}; // it left none, or this worker reads no pictures
  auto read = read_main_mark(config.storage, name);
  if (!read)
    return {{check, health::warn,
             "whether this node sees a copy of the pictures is unknown: "
               + read.error().context,
             "give it the right to read the uploads folder or the bucket"}};
  auto copy = name_copy(main, worker, text_member(mark, "id"), *read);
  if (copy.empty())
    return {};
  return {
    {check, health::fail, copy, "the main node does not let this worker in"}};
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
  auto all = ask_main(own_main(config.http) + "/api/nodes", {},
                      doctor_api_timeout);
  if (!all || !all->contains("main") || !(*all)["main"].contains("traits"))
    return {}; // nothing to compare with; another check reports that
  const auto& main = (*all)["main"];
  auto theirs = read_traits(main["traits"]);
  auto difference = name_difference(theirs, *ours);
  if (!difference.empty())
    return {{check, health::fail, difference,
             "the main node does not let this worker in"}};
  return main.contains("mark") ? check_copy(config, main["mark"], theirs, *ours)
                               : findings{};
}

} // namespace darkroom
