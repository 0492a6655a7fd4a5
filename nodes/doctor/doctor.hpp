/// The checks of `darkroom doctor`. Each examines one part of a node's
/// surroundings, blocks until it is done, and changes nothing.
#pragma once

#include "config/settings.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// How long the doctor waits for a main node's API.
constexpr std::chrono::milliseconds doctor_api_timeout{2000};

enum class health { ok, warn, fail };

/// "ok", "warn" or "FAIL".
const char* to_string(health level);

/// What a check found.
struct finding {
  std::string check; ///< "redis eviction"
  health level = health::ok;
  std::string text;           ///< the fact
  std::string advice;         ///< what to do; empty if all is well
  bool is_redis_away = false; ///< no main node can start: exit_no_redis
};

using findings = std::vector<finding>;

// nodes/doctor/doctor_redis.cpp
findings check_redis_server(const redis_settings& redis);
/// Logs those findings that could lose jobs, for a node that starts.
void warn_of_redis(const redis_settings& redis);

// nodes/doctor/doctor_redis_link.cpp
/// How Redis is reached: what each Sentinel says, TLS and the certificates, and
/// whether the user may do what jobs need. Empty for a plain address without a
/// user.
findings check_redis_link(const settings& config);

// nodes/doctor/doctor_cluster.cpp
/// A certificate of public CAs, which issue for 90 days and less, should be
/// renewed this long before its end.
constexpr int64_t public_soon_ms = int64_t{14} * 24 * 3600 * 1000;

/// When a certificate ends, and what then.
struct certificate_end {
  std::string check;
  std::string what;   ///< "this node is w-1, valid"
  int64_t until = 0;  ///< ms since the epoch
  int64_t soon = 0;   ///< ms before that, in which the doctor warns
  std::string advice; ///< of the warning
};
finding judge_expiry(const certificate_end& x);

/// Two clocks and the check that compares them.
struct clock_pair {
  std::string check;
  std::string one;
  std::string other;
};
/// @param ahead by how many ms the one is ahead of the other; up to `most` is
///   fine
finding judge_clocks(const clock_pair& clocks, int64_t ahead,
                     std::chrono::milliseconds most);
findings check_cluster_port(const cluster_settings& cluster);
/// Whether only this machine reaches the API, and what holds of its TLS.
findings check_http_port(const http_settings& http);
/// For a worker node: whether it reaches its main nodes, and how.
findings check_mains(const cluster_settings& cluster);
/// What the main node says about the clocks of its workers.
findings check_clocks(const http_settings& http);

// nodes/doctor/doctor_traits.cpp
/// For a worker node: why the main node at `[http]` would not let it in. Empty
/// if it would, or if it does not answer.
findings check_traits(const settings& config);

// nodes/doctor/doctor_node.cpp
findings check_codec(const imaging_settings& imaging);
findings check_embedder(const embedding_settings& embedding);
/// Which models the local analyser has; empty if a provider describes pictures.
findings check_local_vision(const vision_settings& vision);
/// The uploads folder, or the bucket.
findings check_uploads(const storage_settings& storage);

/// Whether a missing file or folder can be made.
finding judge_absent(const std::string& check, const std::string& path);

// nodes/doctor/doctor_bucket.cpp
/// Whether a small object can be put, got, listed and deleted.
findings check_bucket(storage_settings storage);

// nodes/doctor/doctor_providers.cpp
/// Whether something listens at each provider's URL and accepts its key.
/// @param probes also makes a real call to each, with one pixel or one word
findings check_providers(const settings& config, bool probes);
/// What the cluster knows about the providers that it has called.
findings check_known_providers(const settings& config);

// nodes/doctor/doctor_catalog.cpp
findings check_catalog(const settings& config);

} // namespace darkroom
