/// `darkroom doctor`: checks whether a node would find what it needs on this
/// machine.
#include "nodes/command.hpp"
#include "nodes/commands/flag_values.hpp"
#include "nodes/doctor/doctor.hpp"
#include "services/log/log.hpp"
#include "services/text/printable.hpp"
#include "services/text/shown_json.hpp"

#include <algorithm>
#include <cstdio>
#include <initializer_list>

namespace darkroom {

namespace {

using nlohmann::json;

struct doctor_flags {
  command_flags common;
  std::string role = "main";
  bool probes = false;
  bool is_json = false;
};

findings join(std::initializer_list<findings> parts) {
  findings out;
  for (const auto& part : parts)
    out.insert(out.end(), part.begin(), part.end());
  return out;
}

findings examine_worker(const settings& config, bool probes) {
  return join({check_codec(config.imaging), check_local_vision(config.vision),
               check_embedder(config.embedding),
               check_providers(config, probes), check_uploads(config.storage),
               check_mains(config.cluster), check_traits(config)});
}

findings examine_main(const settings& config, bool probes) {
  return join({check_redis_server(config.redis), check_redis_link(config),
               check_codec(config.imaging), check_local_vision(config.vision),
               check_embedder(config.embedding),
               check_providers(config, probes), check_known_providers(config),
               check_uploads(config.storage), check_catalog(config),
               check_cluster_port(config.cluster), check_http_port(config.http),
               check_clocks(config.http)});
}

void print_finding(const finding& x) {
  std::printf("%-4s  %-17s  %s\n", to_string(x.level), x.check.c_str(),
              printable(x.text).c_str());
  if (!x.advice.empty())
    std::printf("%25s-> %s\n", "", printable(x.advice).c_str());
}

json to_json(const finding& x) {
  json out{{"check", x.check}, {"level", to_string(x.level)}, {"text", x.text}};
  if (!x.advice.empty())
    out["advice"] = x.advice;
  return out;
}

int run_doctor(const doctor_flags& flags) {
  auto loaded = flags.common.load_or_exit();
  start_log("off"); // the findings tell everything
  auto found = flags.role == "worker"
                 ? examine_worker(loaded.values, flags.probes)
                 : examine_main(loaded.values, flags.probes);
  auto is_well = std::none_of(found.begin(), found.end(), [](const auto& x) {
    return x.level == health::fail;
  });
  if (flags.is_json) {
    auto list = json::array();
    for (const auto& x : found)
      list.push_back(to_json(x));
    say(shown_json({{"ok", is_well}, {"checks", std::move(list)}}));
  } else {
    for (const auto& x : found)
      print_finding(x);
  }
  auto is_away = std::any_of(found.begin(), found.end(),
                             [](const auto& x) { return x.is_redis_away; });
  return is_well ? exit_ok : is_away ? exit_no_redis : exit_failed;
}

} // namespace

const char* to_string(health level) {
  switch (level) {
    case health::ok:
      return "ok";
    case health::warn:
      return "warn";
    case health::fail:
      return "FAIL";
  }
  return "unknown";
}

void add_doctor_command(CLI::App& program) {
  auto* doctor = program.add_subcommand(
    "doctor", "checks Redis, codec, models, folders and the cluster's port");
  auto flags = std::make_shared<doctor_flags>();
  flags->common.add_to(*doctor);
  add_word(*doctor, "--role", flags->role,
           {"role",
            {"main", "worker"},
            {{"serve", "main"},
             {"solo", "main"},
             {"dev", "main"},
             {"work", "worker"}}},
           "main: what serve, solo and dev need (default); worker: what work "
           "needs");
  doctor->add_flag("--probe", flags->probes,
                   "also make a call to each provider: one pixel, one word");
  doctor->add_flag("--json", flags->is_json, "answer as JSON");
  doctor->final_callback([flags] { std::exit(run_doctor(*flags)); });
}

} // namespace darkroom
