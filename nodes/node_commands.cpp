/// `darkroom nodes` and `darkroom node`: the cluster from a shell, by the main
/// node's HTTP API.
#include "config/units.hpp"
#include "nodes/command.hpp"
#include "nodes/main_api.hpp"
#include "services/json/json.hpp"
#include "services/redis/explain_text.hpp"

#include <chrono>
#include <cstdio>
#include <thread>

namespace darkroom {

namespace {

constexpr int64_t shown_lag = 100; ///< ms; less is nothing to look at

using nlohmann::json;

struct node_flags {
  command_flags common;
  std::string main;
  std::string action;
  std::string name;
  std::string timeout = "60s";
  bool is_tree = false;
  bool is_json = false;
};

std::string joined(const json& list) {
  std::string out;
  for (const auto& x : list)
    out += (out.empty() ? "" : ",") + x.get<std::string>();
  return out.empty() ? "-" : out;
}

void print_table(const json& nodes) {
  std::printf("%-20s %-9s %9s %6s %8s %-10s %s\n", "node", "state", "jobs",
              "load", "memory", "version", "labels");
  for (const auto& x : nodes) {
    auto jobs = std::to_string(x.value("running", 0)) + "/"
                + std::to_string(x.value("concurrency", 0));
    std::printf("%-20s %-9s %9s %6.2f %5lld MB %-10s %s\n",
                text_member(x, "name").c_str(), text_member(x, "state").c_str(),
                jobs.c_str(), x.value("load", 0.0),
                static_cast<long long>(x.value("memory", int64_t{0}) >> 20),
                text_member(x, "version").c_str(),
                joined(x.value("labels", json::array())).c_str());
  }
}

void print_actors(const json& actors) {
  for (const auto& x : actors) {
    auto restarts = x.value("restarts", 0);
    auto age = x.value("running", false)
                 ? "runs for " + span_text(x.value("ageMs", int64_t{0}))
                 : "is not running";
    if (restarts > 0)
      age += ", " + std::to_string(restarts) + " restarts";
    if (auto waiting = x.value("mailbox", 0); waiting > 0)
      age += ", " + std::to_string(waiting) + " messages wait";
    if (auto lag = x.value("lagMs", int64_t{0}); lag >= shown_lag)
      age += ", busy for " + span_text(lag);
    std::printf("   %-18s %s\n", text_member(x, "name").c_str(), age.c_str());
  }
}

void print_tree(const json& all) {
  auto head = [](const json& node, const std::string& role) {
    std::printf("%s (%s)\n   supervisor, %s\n",
                text_member(node, "name").c_str(), role.c_str(),
                text_member(node, "strategy").c_str());
  };
  head(all["main"], "main");
  print_actors(all["main"]["actors"]);
  for (const auto& x : all["nodes"]) {
    if (!x.contains("actors"))
      continue; // the main node's own pool
    head(x, "work");
    print_actors(x["actors"]);
    std::printf("   processor          %d of them, %d jobs run\n",
                x.value("processors", 0), x.value("running", 0));
  }
}

int run_nodes(const node_flags& flags) {
  auto config = flags.common.load_or_exit().values;
  auto all = ask_main(main_url(flags.main, config.http) + "/api/nodes");
  if (!all)
    return report(all.error());
  if (flags.is_json)
    say(write_json(*all));
  else if (flags.is_tree)
    print_tree(*all);
  else
    print_table((*all)["nodes"]);
  return exit_ok;
}

/// The node in an answer of /api/nodes; null if it is not there.
json find_node(const json& all, const std::string& name) {
  for (const auto& x : all["nodes"])
    if (text_member(x, "name") == name)
      return x;
  return {};
}

/// Waits until no job runs on the node, or it is gone.
int wait_until_empty(const std::string& main, const node_flags& flags) {
  auto limit = parse_duration(flags.timeout);
  if (!limit)
    return report(limit.error());
  auto end = std::chrono::steady_clock::now() + *limit;
  for (;;) {
    auto all = ask_main(main + "/api/nodes");
    if (!all)
      return report(all.error());
    auto node = find_node(*all, flags.name);
    if (node.is_null() || text_member(node, "state") == "drained") {
      say("node " + flags.name + ": drained");
      return exit_ok;
    }
    if (std::chrono::steady_clock::now() > end)
      return report(fail(ec::timed_out,
                         "node " + flags.name + " still runs "
                           + std::to_string(node.value("running", 0))
                           + " jobs after " + flags.timeout
                           + "; it takes no new ones: wait, or cancel them"));
    std::this_thread::sleep_for(std::chrono::milliseconds{200});
  }
}

int run_node_action(const node_flags& flags) {
  auto config = flags.common.load_or_exit().values;
  auto main = main_url(flags.main, config.http);
  auto verb = flags.action == "uncordon" ? "uncordon" : "cordon";
  auto done = ask_main(
    main + "/api/nodes/" + percent_encoded(flags.name) + "/" + verb, "{}");
  if (!done)
    return report(done.error());
  if (flags.action == "drain")
    return wait_until_empty(main, flags);
  say("node " + flags.name + ": " + verb + "ed");
  return exit_ok;
}

void add_main_flag(CLI::App& command, node_flags& flags) {
  flags.common.add_to(command);
  command.add_option("--main", flags.main,
                     "URL of the main node; else that of [http]");
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
  node
    ->add_option("action", flags->action,
                 "cordon: no new jobs; drain: and wait for those that run; "
                 "uncordon: jobs again")
    ->required()
    ->check(CLI::IsMember({"cordon", "drain", "uncordon"}));
  node->add_option("name", flags->name, "name of the node")->required();
  node->add_option("--timeout", flags->timeout, "drain: longest wait");
  node->final_callback([flags] { std::exit(run_node_action(*flags)); });
}

} // namespace darkroom
