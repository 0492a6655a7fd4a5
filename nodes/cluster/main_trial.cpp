#include "nodes/cluster/main_trial.hpp"

#include "config/clock.hpp"
#include "config/defaults.hpp"
#include "services/catalog/catalog_probe.hpp"
#include "services/net/probe.hpp"
#include "services/storage/open_storage.hpp"
#include "services/tls/tls_files.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace darkroom {

namespace {

status try_storage(const storage_settings& storage) {
  auto opened = open_storage(storage);
  if (!opened)
    return std::move(opened.error());
  return (*opened)->check_writable();
}

status try_tls(const cluster_settings& cluster) {
  if (!has_tls(cluster))
    return ok;
  auto facts = check_tls_files(tls_files_of(cluster), wall_clock_ms());
  if (!facts)
    return std::move(facts.error());
  return ok;
}

status try_port(const cluster_settings& cluster) {
  auto there = try_listen({cluster.bind, cluster.port});
  if (!there)
    return fail(there.error().code, there.error().context
                                      + ": choose another [cluster] port, or "
                                        "end what uses it");
  return ok;
}

} // namespace

status try_as_main(const settings& config, bool has_port) {
  if (auto done = try_storage(config.storage); !done)
    return done;
  if (auto done = try_tls(config.cluster); !done)
    return done;
  if (!has_port)
    if (auto done = try_port(config.cluster); !done)
      return done;
  return try_catalog(config.catalog);
}

const status& main_trial::look(bool is_wanted, bool has_port,
                               clock::time_point now) {
  auto is_due = now >= next_ || (is_wanted && last_);
  if (!is_due)
    return last_;
  auto before = last_ ? std::string{} : last_.error().context;
  last_ = try_as_main(config_, has_port);
  pause_ = last_ ? std::chrono::milliseconds{0}
                 : std::clamp(2 * pause_, standby_poll, trial_pause);
  next_ = clock::now() + (last_ ? trial_pause : pause_);
  if (!last_ && last_.error().context != before)
    spdlog::warn("this main node could not take over: {}",
                 last_.error().context);
  else if (last_ && !before.empty())
    spdlog::info("this main node could take over again");
  return last_;
}

} // namespace darkroom
