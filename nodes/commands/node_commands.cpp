/// `darkroom nodes` and `darkroom node`: the cluster from a shell, by the main
/// node's HTTP API.
#include "config/words.hpp"
#include "nodes/command.hpp"
#include "nodes/commands/flag_values.hpp"
#include "nodes/commands/node_order.hpp"
#include "nodes/main_api.hpp"
#include "services/json/json.hpp"
#include "services/redis/explain_text.hpp"
#include "services/text/printable.hpp"
#include "services/text/shown_json.hpp"
#include "services/text/text_table.hpp"

#include <cstdio>

namespace darkroom {

namespace {

constexpr int64_t shown_lag = 100; ///< ms; a smaller lag is not worth showing

using nlohmann::json;

struct node_flags {
  command_flags common;
  main_choice main;
  std::string action;
  std::string name;
  std::chrono::milliseconds timeout{60000};
  bool is_tree = false;
  bool is_json = false;
};

std::string labels_text(const json& list) {
  std::string out;
  for (const auto& x : list)
    out += (out.empty() ? "" : ",") + x.get<std::string>();
  return out.empty() ? "-" : out;
}

/// "-" if an older node does not tell it.
std::string number_text(const json& node, const char* name) {
  auto found = node.find(name);
  return found != node.end() && found->is_number_integer()
           ? std::to_string(found->get<int64_t>())
           : "-";
}

void print_table(const json& nodes) {
  text_table table{{"node", "state", "jobs", "done", "load", "memory",
                    "version", "protocol", "labels"}};
  for (const auto& x : nodes) {
    char load[16];
    std::snprintf(load, sizeof load, "%.2f", x.value("load", 0.0));
    table.add({text_member(x, "name"), text_member(x, "state"),
               std::to_string(x.value("running", 0)) + "/"
                 + std::to_string(x.value("concurrency", 0)),
               number_text(x, "done"), load,
               std::to_string(x.value("memory", int64_t{0}) >> 20) + " MB",
               text_member(x, "version"), number_text(x, "protocol"),
               labels_text(x.value("labels", json::array()))});
  }
  say_table(table);
}

void print_processors(const json& processors) {
  for (const auto& x : processors) {
    auto job = text_member(x, "jobId");
    auto does = job.empty() ? std::string{"is idle"}
                            : "runs job " + job + " for "
                                + span_text(x.value("busyMs", int64_t{0}));
    std::printf("      %-15s %s\n", "processor", printable(does).c_str());
  }
}

std::string condition_of(const json& actor) {
  auto out = actor.value("running", false)
               ? "runs for " + span_text(actor.value("ageMs", int64_t{0}))
               : "is not running";
  if (auto restarts = actor.value("restarts", 0); restarts > 0)
    out += ", " + counted(static_cast<uint64_t>(restarts), "restart");
  if (auto waiting = actor.value("mailbox", 0); waiting > 0)
    out += ", " + counted(static_cast<uint64_t>(waiting), "message")
           + (waiting == 1 ? " waits" : " wait");
  if (auto lag = actor.value("lagMs", int64_t{0}); lag >= shown_lag)
    out += ", busy for " + span_text(lag);
  return out;
}

/// Prints a node's supervisor and the actors below it.
/// @param pool the node whose processors are in the pool; null without a pool
void print_branch(const json& node, const char* role, const json& pool) {
  tell(text_member(node, "name") + " (" + role + ")");
  tell("   supervisor, " + text_member(node, "strategy"));
  for (const auto& x : node["actors"]) {
    auto name = text_member(x, "name");
    std::printf("   %-18s %s\n", name.c_str(), condition_of(x).c_str());
    if (name == "processor_pool" && pool.is_object())
      print_processors(pool.value("processors", json::array()));
  }
}

void print_tree(const json& all) {
  const auto& main = all["main"];
  print_branch(main, "main", find_node(all, text_member(main, "name")));
  for (const auto& x : all["nodes"])
    if (x.contains("actors")) // not the main node's own pool
      print_branch(x, "work", x);
}

int run_nodes(const node_flags& flags) {
  auto config = flags.common.load_or_exit().values;
  auto all = ask_main(main_at(flags.main, config.http) + "/api/nodes");
  if (!all)
    return report(all.error());
  if (flags.is_json)
    say(shown_json(*all));
  else if (flags.is_tree)
    print_tree(*all);
  else
    print_table((*all)["nodes"]);
  return exit_ok;
}

int run_node_action(const node_flags& flags) {
  auto config = flags.common.load_or_exit().values;
  auto done = carry_out({main_nodes{flags.main, config.http}, flags.name,
                         flags.action, flags.timeout});
  if (!done)
    return report(done.error());
  if (flags.is_json)
    say(shown_json({{"name", flags.name}, {"done", flags.action + "ed"}}));
  else
    tell("node " + flags.name + ": " + flags.action + "ed");
  return exit_ok;
}

void add_main_flag(CLI::App& command, node_flags& flags) {
  flags.common.add_to(command);
  flags.main.add_to(command);
}

} // namespace

void add_node_commands(CLI::App& program) {
  auto flags = std::make_shared<node_flags>();
  auto* nodes = program.add_subcommand(
    "nodes", "nodes of the cluster: their state, jobs, load, actors");
  add_main_flag(*nodes, *flags);
  nodes->add_flag("--tree", flags->is_tree, "every actor under its supervisor");
  nodes->add_flag("--json", flags->is_json, "as JSON");
  nodes->final_callback([flags] { std::exit(run_nodes(*flags)); });

  auto* node = program.add_subcommand(
    "node", "takes a worker node out of the cluster, or back into it");
  add_main_flag(*node, *flags);
  add_word(*node, "action", flags->action,
           {"action",
            {"cordon", "drain", "uncordon"},
            {{"list", "darkroom nodes"},
             {"pause", "cordon"},
             {"stop", "drain"},
             {"remove", "drain"},
             {"resume", "uncordon"},
             {"undrain", "uncordon"}}},
           "cordon: no new jobs; drain: and wait for those that run; "
           "uncordon: jobs again")
    ->required();
  node->add_option("name", flags->name, "name of the node")->required();
  add_duration(*node, "--timeout", flags->timeout,
               "longest wait until the node says that it is so (60s)");
  node->add_flag("--json", flags->is_json, "as JSON");
  node->final_callback([flags] { std::exit(run_node_action(*flags)); });
}

} // namespace darkroom
