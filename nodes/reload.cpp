#include "nodes/reload.hpp"

#include "actors/jobs/job_type.hpp"
#include "config/setting_changes.hpp"
#include "services/codec/capacity.hpp"
#include "services/embedding/model_identity.hpp"
#include "services/vision/vision_analyser.hpp"

#include <caf/send.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <set>

namespace darkroom {

namespace {

using key_test = std::function<bool(const std::string&)>;

bool is_in(const std::string& section, const std::string& key) {
  return key.starts_with(section + '.');
}

bool is_limit(const std::string& key) {
  return key == "queue.limit" || key == "limits.vision"
         || key == "limits.embedding" || is_in("budget", key)
         || key == "vision.cache" || key == "embedding.cache";
}

/// Of the models: whom processors and searches ask, and how.
bool is_provider(const std::string& key) {
  static const std::set<std::string> others{
    "vision.models", "vision.redescribe_every", "embedding.weights"};
  return (is_in("vision", key) || is_in("embedding", key))
         && others.count(key) == 0;
}

bool may_change(const std::string& key) {
  static const std::set<std::string> others{"worker.concurrency", "log.level",
                                            "http.hosts"};
  return is_limit(key) || is_provider(key) || others.count(key) > 0;
}

/// Another model is another set of vectors or descriptions, and must be equal
/// on all nodes: that takes a restart of them.
bool has_other_model(const std::string& section, const settings& a,
                     const settings& b) {
  if (section == "vision")
    return vision_identity(a.vision).name != vision_identity(b.vision).name;
  auto before = embedding_identity(a.embedding);
  auto after = embedding_identity(b.embedding);
  return !before || !after || before->name != after->name;
}

/// The keys among these changes that the running node takes over.
key_test taken_over(const std::vector<setting_change>& changes,
                    const settings& before, const settings& after) {
  std::set<std::string> keys;
  for (const auto& x : changes)
    if (may_change(x.key))
      keys.insert(x.key);
  for (const char* section : {"vision", "embedding"}) {
    auto is_of_model = [section](const std::string& key) {
      return is_in(section, key) && !is_limit(key);
    };
    if (std::any_of(keys.begin(), keys.end(), is_of_model)
        && has_other_model(section, before, after))
      std::erase_if(keys, is_of_model);
  }
  return [keys](const std::string& key) {
    return keys.count(key) > 0;
  };
}

bool has_any(const std::vector<setting_change>& changes, const key_test& test) {
  return std::any_of(changes.begin(), changes.end(),
                     [&test](const auto& x) { return test(x.key); });
}

/// "queue.limit 10/1m -> 20/1m, …".
std::string in_words(const std::vector<setting_change>& changes) {
  std::string out;
  for (const auto& x : changes) {
    out += (out.empty() ? "" : ", ") + x.key;
    if (x.before == x.after) // a secret
      out += " (changed)";
    else
      out += " " + (x.before.empty() ? "none" : x.before) + " -> "
             + (x.after.empty() ? "none" : x.after);
  }
  return out;
}

queue_limits limits_of(const settings& config) {
  auto context = queue_context_of(config);
  queue_limits out;
  out.max = config.queue.limit_max;
  out.window = config.queue.limit_window;
  out.resources = std::move(context.resources);
  out.budget = context.budget;
  out.answers_kept = std::move(context.answers_kept);
  return out;
}

/// Has the supervisor start an actor anew, with the settings of now.
void start_anew_actor(node_context& node, role which) {
  if (auto actor = node.peers->find_any(which))
    caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
}

void use_limits(node_context& node, const settings& before,
                const settings& now) {
  if (!node.limits)
    return; // a worker node: its main node keeps the limits
  node.limits->set(limits_of(now));
  start_anew_actor(node, role::rate_limiter);
  auto is_on = [](const settings& x) {
    return x.queue.limit_max > 0;
  };
  if (is_on(before) != is_on(now)) // it asks for permits, or does not
    start_anew_actor(node, role::dispatcher);
}

void use_slots(node_context& node, const settings& now) {
  *node.slots = slots_of(now);
  if (auto pool = node.peers->find<processor_pool_actor>(role::processor_pool))
    caf::anon_send(pool, poll_v);
}

void use(node_context& node, const std::vector<setting_change>& changes,
         const settings& now) {
  auto before = node.live->get();
  node.live->set(now);
  if (has_any(changes, is_limit))
    use_limits(node, before, now);
  if (has_any(changes, is_provider))
    ++*node.tools_round;
  if (has_any(changes, [](auto& key) { return key == "worker.concurrency"; }))
    use_slots(node, now);
  for (const auto& each : node.on_reload)
    each(now);
  spdlog::set_level(spdlog::level::from_str(now.log.level));
}

} // namespace

void follow_limits(node_context& node) {
  node.limits = std::make_shared<live_limits>(limits_of(node.config));
  node.queue.live = node.limits;
}

void tell_not_reloaded(const error& why) {
  spdlog::error("not reloaded, the old settings stay: {}", why.context);
}

void reload(node_context& node) {
  if (!node.load_again)
    return;
  auto loaded = node.load_again();
  if (!loaded)
    return tell_not_reloaded(loaded.error());
  for (const auto& text : loaded->warnings)
    spdlog::warn("{}", text);
  auto before = node.live->get();
  auto now = before;
  auto all = changes_between(before, loaded->values);
  copy_settings(loaded->values, now, taken_over(all, before, loaded->values));
  auto changes = changes_between(before, now);
  auto left = changes_between(now, loaded->values);
  if (!changes.empty())
    use(node, changes, now);
  if (!left.empty())
    spdlog::warn("needs a restart to change: {}", in_words(left));
  spdlog::info("reloaded: {}",
               changes.empty() ? "nothing changed" : in_words(changes));
}

} // namespace darkroom
