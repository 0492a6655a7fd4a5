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

/// Whether SQL can write it before a name without quotes, and PostgreSQL does
/// not cut the longest name.
bool is_prefix(const std::string& text) {
  return text.size() <= 24
         && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_")
              == std::string::npos
         && (text.empty() || !(text[0] >= '0' && text[0] <= '9'));
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

/// "name=value" entries that can be headers of a request.
bool are_headers(const std::vector<std::string>& list) {
  constexpr auto names = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                         "0123456789-_.";
  for (const auto& entry : list) {
    auto equals = entry.find('=');
    if (equals == 0 || equals == std::string::npos
        || entry.find_first_not_of(names) != equals)
      return false;
  }
  return true;
}

bool has_tls_whole(const cluster_settings& cluster) {
  auto given = !cluster.tls_certificate.empty() + !cluster.tls_key.empty()
               + !cluster.tls_ca.empty();
  return given == 0 || given == 3;
}

bool has_tls_alone(const redis_settings& redis) {
  return redis.tls
         || (redis.tls_ca.empty() && redis.tls_certificate.empty()
             && redis.tls_name.empty());
}

std::vector<rule> redis_rules(const redis_settings& redis) {
  return {
    {has_tls_alone(redis), "redis.tls",
     "must be true where redis.tls_ca, tls_certificate or tls_name is set"},
    {redis.tls_certificate.empty() == redis.tls_key.empty(),
     "redis.tls_certificate", "must be set together with", "redis.tls_key"},
    {are_hosts_and_ports(redis.sentinels), "redis.sentinels",
     "must be \"host:port\" entries, such as \"10.0.0.5:26379\""},
  };
}

bool has_bucket(const storage_settings& storage) {
  return storage.kind != "s3" || !storage.s3_bucket.empty();
}

bool has_keys(const storage_settings& storage) {
  return storage.kind != "s3"
         || (!storage.s3_access_key.empty() && !storage.s3_secret_key.empty());
}

/// A prefix is the beginning of a key, and no path that leads elsewhere.
bool is_key_prefix(const std::string& prefix) {
  return prefix.empty()
         || (prefix[0] != '/' && prefix.find("..") == std::string::npos
             && prefix.find("//") == std::string::npos && prefix.size() <= 100);
}

std::vector<rule> storage_rules(const storage_settings& storage) {
  return {
    {is_web_url(storage.s3_endpoint), "storage.s3_endpoint",
     "must begin with http:// or https://"},
    {has_bucket(storage), "storage.s3_bucket",
     "must name the bucket, because storage.kind is \"s3\""},
    {has_keys(storage), "storage.s3_access_key",
     "and storage.s3_secret_key are needed, because storage.kind is \"s3\": "
     "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"},
    {is_key_prefix(storage.s3_prefix), "storage.s3_prefix",
     "must have at most 100 bytes, not begin with '/', and contain neither "
     "'..' nor '//'"},
  };
}

std::vector<rule> catalog_rules(const settings& all) {
  return {
    {is_file_or_postgres(all.catalog.database), "catalog.database",
     "is neither the path of a SQLite file nor a URL that begins with "
     "postgres:// or postgresql://"},
    {is_prefix(all.catalog.prefix), "catalog.prefix",
     "must be at most 24 of a-z, 0-9 and '_', and begin with none of 0-9"},
    {all.catalog.schema.empty() || is_postgres_url(all.catalog.database),
     "catalog.schema", "is for PostgreSQL; a SQLite file has a prefix instead:",
     "catalog.prefix"},
    {all.catalog.tables != "off" || !all.http.require_token,
     "http.require_token",
     "needs a catalog for the tokens, and there is none:", "catalog.tables"},
    {all.catalog.tables != "off" || all.vision.redescribe_every.count() == 0,
     "vision.redescribe_every",
     "needs a catalog to look at, and there is none:", "catalog.tables"},
  };
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
    {http.tls_certificate.empty() == http.tls_key.empty(),
     http.tls_certificate.empty() ? "http.tls_key" : "http.tls_certificate",
     http.tls_certificate.empty() ? "needs http.tls_certificate as well"
                                  : "needs http.tls_key as well"},
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
    {all.notify.webhook.empty() || is_web_url(all.notify.webhook),
     "notify.webhook", "must begin with http:// or https://"},
    {all.trace.endpoint.empty() || is_web_url(all.trace.endpoint),
     "trace.endpoint", "must begin with http:// or https://"},
    {are_headers(all.trace.headers), "trace.headers",
     "must be \"name=value\" entries"},
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
  auto each_rule = rules(all);
  for (const auto& more :
       {redis_rules(all.redis), storage_rules(all.storage), catalog_rules(all)})
    each_rule.insert(each_rule.end(), more.begin(), more.end());
  for (const auto& each : each_rule) {
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
