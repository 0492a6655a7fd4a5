#include "config/validate.hpp"

#include "config/database_url.hpp"
#include "config/field.hpp"
#include "config/units.hpp"

#include <tuple>

namespace darkroom {

namespace {

/// A checked rule; `other` is the second setting in it.
struct rule {
  bool holds;
  const char* key;
  const char* demand;
  const char* other = nullptr;
};

std::string shown(const std::string& key, const settings& all) {
  auto row = find_field(key);
  return key + " = \"" + shown(**row, read_field(**row, all)) + '"';
}

bool is_file_or_postgres(const std::string& database) {
  return is_postgres_url(database) || database.find("://") == std::string::npos;
}

bool is_web_url(const std::string& url) {
  return url.rfind("http://", 0) == 0 || url.rfind("https://", 0) == 0;
}

bool is_host_and_port(const std::string& text) {
  auto colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0)
    return false;
  auto port = parse_number(std::string_view{text}.substr(colon + 1));
  return port && *port >= 1 && *port <= 65535;
}

bool are_hosts_and_ports(const std::vector<std::string>& list) {
  for (const auto& entry : list)
    if (!is_host_and_port(entry))
      return false;
  return true;
}

bool has_tls_whole(const cluster_settings& cluster) {
  auto given = !cluster.tls_certificate.empty() + !cluster.tls_key.empty()
               + !cluster.tls_ca.empty();
  return given == 0 || given == 3;
}

std::vector<rule> rules(const settings& all) {
  const auto& [cluster, http] = std::tie(all.cluster, all.http);
  auto same_port = http.enabled && http.port != 0 && http.port == cluster.port
                   && http.bind == cluster.bind;
  return {
    {all.queue.name.find(':') == std::string::npos, "queue.name",
     "must not contain ':', which separates the parts of BullMQ's keys"},
    {cluster.node_timeout > 2 * cluster.heartbeat, "cluster.node_timeout",
     "must be more than twice", "cluster.heartbeat"},
    {cluster.reconnect_max >= cluster.reconnect_min, "cluster.reconnect_max",
     "must not be less than", "cluster.reconnect_min"},
    {all.supervision.delay_max >= all.supervision.delay_min,
     "supervision.delay_max", "must not be less than", "supervision.delay_min"},
    {are_hosts_and_ports(cluster.main), "cluster.main",
     "must be \"host:port\" entries"},
    {has_tls_whole(cluster), "cluster.tls_certificate",
     "needs the other two as well: cluster.tls_certificate, cluster.tls_key "
     "and cluster.tls_ca are set together or not at all"},
    {!same_port, "http.port", "must differ from", "cluster.port"},
    {is_web_url(all.vision.base_url), "vision.base_url",
     "must begin with http:// or https://"},
    {is_web_url(all.embedding.base_url), "embedding.base_url",
     "must begin with http:// or https://"},
    {all.vision.redescribe_every.count() == 0
       || all.vision.redescribe_every >= std::chrono::seconds{1},
     "vision.redescribe_every", "must be 0 or at least 1s"},
    {all.fsck.every.count() == 0 || all.fsck.every >= std::chrono::seconds{1},
     "fsck.every", "must be 0 or at least 1s"},
    {is_file_or_postgres(all.catalog.database), "catalog.database",
     "is neither the path of a SQLite file nor a URL that begins with "
     "postgres:// or postgresql://"},
    {all.notify.webhook.empty() || is_web_url(all.notify.webhook),
     "notify.webhook", "must begin with http:// or https://"},
  };
}

} // namespace

std::string origin_of(const std::string& key, const origins& from) {
  auto found = from.find(key);
  return found == from.end() ? "default" : found->second;
}

status validate(const settings& all, const origins& from) {
  for (const auto& row : all_fields()) {
    settings copy = all;
    auto done = write_field(row, read_field(row, all), copy);
    if (!done)
      return fail(ec::bad_config, origin_of(row.name(), from) + ": "
                                    + row.name() + ' ' + done.error().context);
  }
  for (const auto& each : rules(all)) {
    if (each.holds)
      continue;
    auto text = origin_of(each.key, from) + ": " + shown(each.key, all) + ' '
                + each.demand;
    if (each.other != nullptr)
      text += ' ' + shown(each.other, all) + " (" + origin_of(each.other, from)
              + ')';
    return fail(ec::bad_config, text);
  }
  return ok;
}

} // namespace darkroom
