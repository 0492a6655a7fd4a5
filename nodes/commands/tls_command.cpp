/// `darkroom tls`: certificates for the nodes of a cluster.
#include "config/clock.hpp"
#include "nodes/command.hpp"
#include "nodes/commands/flag_values.hpp"
#include "services/text/shown_json.hpp"
#include "services/tls/tls_authority.hpp"

#include <filesystem>

namespace darkroom {

namespace {

struct tls_flags {
  command_flags common;
  std::string action;
  std::string folder = "tls";
  std::vector<std::string> nodes;
  uint32_t days = tls_order{}.days;
  bool is_json = false;
};

std::string absolute(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::absolute(path, ignored).lexically_normal().string();
}

void say_node(const std::string& node, const tls_files& files) {
  say(
    "\nnode " + node
    + ": copy these three to it, readable by its user only, "
      "and name them in its darkroom.toml (with the paths they have there)\n\n"
      "  [cluster]\n  tls_certificate = \""
    + absolute(files.certificate) + "\"\n  tls_key = \"" + absolute(files.key)
    + "\"\n  tls_ca = \"" + absolute(files.ca) + "\"");
}

int init_as_json(const tls_flags& flags, const tls_order& order, bool is_new) {
  auto nodes = nlohmann::json::array();
  for (const auto& node : flags.nodes) {
    auto made = make_node_files(order, node);
    if (!made)
      return report(made.error());
    nodes.push_back({{"name", node},
                     {"certificate", absolute(made->certificate)},
                     {"key", absolute(made->key)},
                     {"ca", absolute(made->ca)}});
  }
  say(shown_json({{"folder", absolute(flags.folder)},
                  {"made", is_new},
                  {"nodes", std::move(nodes)}}));
  return exit_ok;
}

int run_init(const tls_flags& flags) {
  tls_order order{flags.folder, flags.days, wall_clock_ms()};
  auto is_new = make_authority(order);
  if (!is_new)
    return report(is_new.error());
  auto authority = flags.folder + "/ca.key";
  if (flags.is_json)
    return init_as_json(flags, order, *is_new);
  say(*is_new ? "made a CA in " + flags.folder + "; keep " + authority
                  + " to yourself: who has it can add nodes"
              : "the CA in " + flags.folder + " is used");
  for (const auto& node : flags.nodes) {
    auto made = make_node_files(order, node);
    if (!made)
      return report(made.error());
    say_node(node, *made);
  }
  if (flags.nodes.empty())
    say("add nodes to it: darkroom tls init --out " + flags.folder
        + " --node NAME");
  return exit_ok;
}

int run_check(const tls_flags& flags) {
  auto config = flags.common.load_or_exit().values;
  if (!has_tls(config.cluster))
    return report(fail(ec::bad_config,
                       "TLS is not configured: [cluster] tls_certificate, "
                       "tls_key and tls_ca are empty"));
  auto files = tls_files_of(config.cluster);
  auto facts = check_tls_files(files, wall_clock_ms());
  if (!facts)
    return report(facts.error());
  if (flags.is_json) {
    say(shown_json({{"certificate", files.certificate},
                    {"name", facts->name},
                    {"until", facts->until},
                    {"key", files.key},
                    {"ca", files.ca},
                    {"caName", facts->ca_name},
                    {"caUntil", facts->ca_until},
                    {"warnings", facts->warnings}}));
    return exit_ok;
  }
  say("certificate  " + files.certificate + "  " + facts->name
      + ", valid until " + utc_text(facts->until));
  say("key          " + files.key + "  is the certificate's");
  say("CA           " + files.ca + "  " + facts->ca_name + ", valid until "
      + utc_text(facts->ca_until));
  for (const auto& text : facts->warnings)
    say("warning: " + text);
  return exit_ok;
}

} // namespace

void add_tls_command(CLI::App& program) {
  auto* tls = program.add_subcommand(
    "tls", "certificates for the nodes of a cluster: makes and checks them");
  tls->require_subcommand(1);
  auto flags = std::make_shared<tls_flags>();
  auto* init = tls->add_subcommand(
    "init", "makes a private CA, and a certificate and key for each node");
  init->add_option("--out", flags->folder, "folder of the CA")
    ->capture_default_str();
  init->add_option("--node", flags->nodes,
                   "name of a node; repeat it. With a CA that exists: adds "
                   "the node to it");
  add_number(*init, "--days", flags->days, {1, 36500},
             "how long the nodes' certificates are valid ("
               + std::to_string(flags->days) + ")");
  init->add_flag("--json", flags->is_json, "answer as JSON");
  init->final_callback([flags] { std::exit(run_init(*flags)); });
  auto* check = tls->add_subcommand(
    "check", "says what the configured files are, and until when");
  flags->common.add_to(*check);
  flags->common.add_tls_flags(*check);
  check->add_flag("--json", flags->is_json, "answer as JSON");
  check->final_callback([flags] { std::exit(run_check(*flags)); });
}

} // namespace darkroom
