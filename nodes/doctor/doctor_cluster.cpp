/// `darkroom doctor`: the connections between nodes, and their clocks.
#include "config/clock.hpp"
#include "config/defaults.hpp"
#include "nodes/doctor/doctor.hpp"
#include "nodes/main_api.hpp"
#include "nodes/node_process.hpp"
#include "services/http/http_security.hpp"
#include "services/json/json.hpp"
#include "services/net/loopback.hpp"
#include "services/net/probe.hpp"
#include "services/redis/explain_text.hpp"
#include "services/tls/server_files.hpp"
#include "services/tls/tls_files.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace darkroom {

namespace {

constexpr int64_t day_ms = 24LL * 3600 * 1000;
constexpr int64_t soon_ms = 30 * day_ms;

finding judge_node_expiry(const std::string& what, int64_t until) {
  return judge_expiry({"cluster tls", what, until, soon_ms,
                       "it ends soon: make a new one with `darkroom tls init`, "
                       "and restart the node"});
}

findings check_tls(const cluster_settings& cluster) {
  auto facts = check_tls_files(tls_files_of(cluster), wall_clock_ms());
  if (!facts)
    return {{"cluster tls", health::fail, facts.error().context,
             "`darkroom tls check` looks again"}};
  findings out{judge_node_expiry("this node is " + facts->name + ", valid",
                                 facts->until),
               judge_node_expiry("the CA is " + facts->ca_name + ", valid",
                                 facts->ca_until)};
  for (const auto& text : facts->warnings)
    out.push_back({"cluster tls", health::warn, text, "chmod 600 the key"});
  return out;
}

findings check_http_tls(const http_settings& http) {
  const std::string check = "http tls";
  auto facts = check_server_files(server_files_of(http), wall_clock_ms());
  if (!facts)
    return {{check, health::fail, facts.error().context,
             "correct [http] tls_certificate and tls_key"}};
  findings out{
    judge_expiry({check, "the HTTP API is " + facts->name + ", valid",
                  facts->until, public_soon_ms,
                  "it ends soon: renew it; the server takes the new "
                  "files by itself"})};
  for (const auto& text : facts->warnings)
    out.push_back({check, health::warn, text,
                   "correct [http] tls_certificate and tls_key"});
  return out;
}

finding judge_main(const endpoint& main, const status& there,
                   const cluster_settings& cluster) {
  auto place = main.host + ":" + std::to_string(main.port);
  finding out{"main node", health::ok, place + " answers", ""};
  if (!there)
    return {"main node", health::warn, there.error().context,
            "start it, or correct [cluster] main; one that stands by does not "
            "listen: name the active one, too"};
  if (has_tls(cluster) || is_loopback(main.host))
    return out;
  out.level = health::warn;
  out.text += ", and the way there has no TLS";
  out.advice
    = "anybody in between can read and forge everything: `darkroom tls init`";
  return out;
}

bool does_not_listen(const finding& x) {
  return x.text.ends_with(std::strerror(ECONNREFUSED));
}

} // namespace

finding judge_expiry(const certificate_end& x) {
  finding out{x.check, health::ok, x.what + " until " + utc_text(x.until), ""};
  if (x.until - wall_clock_ms() > x.soon)
    return out;
  out.level = health::warn;
  out.advice = x.advice;
  return out;
}

finding judge_clocks(const clock_pair& clocks, int64_t ahead,
                     std::chrono::milliseconds most) {
  finding out{clocks.check, health::ok,
              clocks.one + " is " + span_text(std::abs(ahead))
                + (ahead < 0 ? " behind " : " ahead of ") + clocks.other,
              ""};
  if (std::abs(ahead) <= most.count())
    return out;
  out.level = health::warn;
  out.advice = "delays and limits go by each machine's clock: set both by NTP";
  return out;
}

findings check_cluster_port(const cluster_settings& cluster) {
  if (has_tls(cluster))
    return check_tls(cluster);
  auto place = cluster.bind + ":" + std::to_string(cluster.port);
  if (is_loopback(cluster.bind))
    return {
      {"cluster port", health::ok, "only this machine reaches " + place, ""}};
  return {{"cluster port", health::fail,
           "other machines reach " + place + ", and there is no TLS",
           "who reaches it owns the cluster: `darkroom tls init`, or "
           "[cluster] bind = \"127.0.0.1\""}};
}

finding judge_http_port(const http_settings& http) {
  auto place = http.bind + ":" + std::to_string(http.port);
  switch (judge_http(http)) {
    case http_security::loopback:
      return {"http port", health::ok, "only this machine reaches " + place,
              ""};
    case http_security::tokens:
      return {"http port", health::ok,
              "each request at " + place + " needs a token", ""};
    case http_security::insecure:
      break;
  }
  return {"http port", health::fail,
          "other machines reach " + place + ", and nobody needs a token",
          "take --insecure away, unless nobody else reaches that network"};
}

findings check_http_port(const http_settings& http) {
  if (!http.enabled)
    return {{"http port", health::ok, "there is no HTTP API", ""}};
  findings out{judge_http_port(http)};
  if (has_tls(http))
    for (auto& x : check_http_tls(http))
      out.push_back(std::move(x));
  return out;
}

findings check_mains(const cluster_settings& cluster) {
  auto mains = mains_of(cluster);
  if (!mains)
    return {
      {"main node", health::fail, mains.error().context, "set [cluster] main"}};
  findings out;
  bool answers = false;
  for (const auto& x : *mains) {
    auto there = probe(x, probe_timeout);
    answers = answers || there;
    out.push_back(judge_main(x, there, cluster));
  }
  for (auto& x : out) {
    if (!answers) // one of several main nodes is enough
      x.level = health::fail;
    else if (x.level == health::warn && does_not_listen(x))
      x.advice = "nothing, if it stands by: it listens once it is active, and "
                 "another one answers";
  }
  if (has_tls(cluster))
    for (auto& x : check_tls(cluster))
      out.push_back(std::move(x));
  return out;
}

findings check_clocks(const http_settings& http) {
  auto main = own_main(http);
  auto all = ask_main(main + "/api/nodes", {}, doctor_api_timeout);
  if (!all || !all->contains("nodes"))
    return {{"node clock", health::ok,
             "not compared: no active main node answers at " + main.url, ""}};
  findings out;
  for (const auto& x : (*all)["nodes"])
    if (x.contains("clockSkewMs"))
      out.push_back(judge_clocks(
        {"node clock", "the clock of node " + text_member(x, "name"),
         "the main node's"},
        x.value("clockSkewMs", int64_t{0}), clock_gap_limit));
  return out;
}

} // namespace darkroom
