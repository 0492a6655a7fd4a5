/// Checks messages about nodes, and orders to them.
#include "actors/bounds.hpp"
#include "services/storage/names.hpp"

#include <algorithm>
#include <cmath>

namespace darkroom {

using namespace bounds;

namespace {

constexpr size_t max_line_bytes = 4096; // a text for the log
constexpr size_t max_path_bytes = 1024;
constexpr size_t max_children = 1000;
constexpr size_t max_traits = 100;
constexpr int64_t max_cut_ms = 600'000; // a longer cut is an outage, not a test

bool are_traits(const std::vector<node_trait>& list) {
  return list.size() <= max_traits
         && std::all_of(list.begin(), list.end(), [](const auto& x) {
              return is_name(x.what) && is_printable(x.value)
                     && is_printable(x.where, max_path_bytes);
            });
}

} // namespace

std::string validate(const node_hello& hello) {
  return problem{}
    .require(is_name(hello.name), "name is empty, too long or unprintable")
    .require(is_name(hello.boot_id),
             "boot_id is empty, too long or unprintable")
    .require(hello.concurrency <= max_slots, "concurrency is out of range")
    .require(is_printable(hello.version), "version is too long or unprintable")
    .require(are_words(hello.labels), "labels are too many or unprintable")
    .require(are_words(hello.job_types),
             "job_types are too many or unprintable")
    .require(is_printable(hello.machine) && is_printable(hello.started)
               && hello.pid >= 0,
             "machine, start or pid of its process is invalid")
    .require(are_traits(hello.traits), "traits are too many or unprintable")
    .require(hello.mark_name.empty() || is_main_mark(hello.mark_name),
             "mark_name is not the name of a mark")
    .require(is_printable(hello.mark), "mark is too long or unprintable")
    .text();
}

std::string validate(const node_welcome& welcome) {
  return problem{}
    .require(is_printable(welcome.refusal, max_line_bytes),
             "refusal is too long or unprintable")
    .require(is_name(welcome.boot_id),
             "boot_id is empty, too long or unprintable")
    .require(welcome.mark_name.empty() || is_main_mark(welcome.mark_name),
             "mark_name is not the name of a mark")
    .text();
}

std::string validate(const node_order& order) {
  return problem{}
    .require(is_name(order.name), "name is empty, too long or unprintable")
    .require(is_printable(order.id), "id is too long or unprintable")
    .text();
}

std::string validate(const node_report& report) {
  problem out;
  out.require(is_name(report.name), "name is empty, too long or unprintable")
    .require(report.pool.slots <= max_slots, "slots is out of range")
    .require(is_printable(report.pool.order), "order is unprintable")
    .require(report.pool.done >= -1, "done is out of range")
    .require(report.pool.processors.size() <= max_slots,
             "there are too many processors")
    .require(is_printable(report.actors.strategy), "strategy is unprintable")
    .require(report.actors.children.size() <= max_children,
             "there are too many actors")
    .require(std::isfinite(report.load) && report.load >= 0,
             "load is not a number")
    .require(is_time(report.clock), "clock is out of range");
  for (const auto& x : report.pool.processors)
    out.require(fits(x.job_id), "a processor's job_id is too long")
      .require(is_span(x.busy_ms), "a processor's busy_ms is out of range");
  for (const auto& x : report.actors.children)
    out.require(is_name(x.name), "an actor's name is unprintable")
      .require(is_span(x.age_ms) && is_span(x.lag_ms),
               "an actor's age or lag is out of range");
  return out.text();
}

std::string validate(const chaos_order& order) {
  auto is_cut = order.action == chaos_action::cut;
  auto is_target = order.actor == "processor_pool" || order.actor == "uplink"
                   || order.actor == "processor";
  return problem{}
    .require(is_name(order.name), "name is empty, too long or unprintable")
    .require(order.action <= chaos_action::cut, "unknown action")
    .require(is_cut ? order.actor.empty() : is_target,
             "actor is not one of processor_pool, uplink, processor")
    .require(is_cut ? order.duration_ms > 0 && order.duration_ms <= max_cut_ms
                    : order.duration_ms == 0,
             "duration_ms is out of range")
    .text();
}

} // namespace darkroom
