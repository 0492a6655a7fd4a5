#include "services/redis/limit_overrides.hpp"

#include "config/field.hpp"
#include "config/overloaded.hpp"
#include "config/words.hpp"

#include <hiredis/hiredis.h>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace darkroom {

namespace {

constexpr const char* default_word = "default";
constexpr double money_unit = 1e6; // the scripts count millionths

/// A value as lib_limits.lua and lib_budget.lua read it: "10 60000", "500".
std::string stored_text(const field& row, settings& all) {
  return std::visit(overloaded{
                      [](const rate_place& x) {
                        return std::to_string(*x.max) + ' '
                               + std::to_string(x.window->count());
                      },
                      [](const double* x) {
                        return std::to_string(std::llround(*x * money_unit));
                      },
                      [](const uint32_t* x) { return std::to_string(*x); },
                      [](const uint64_t* x) { return std::to_string(*x); },
                      [](const auto*) { return std::string{}; },
                    },
                    row.at(all));
}

void take_stored(const field& row, const std::string& text, settings& all) {
  std::istringstream in{text};
  std::visit(overloaded{
               [&](const rate_place& x) {
                 int64_t window = 0;
                 if (in >> *x.max >> window)
                   *x.window = milliseconds{window};
               },
               [&](double* x) {
                 if (in >> *x)
                   *x /= money_unit;
               },
               [&](uint32_t* x) { in >> *x; },
               [&](uint64_t* x) { in >> *x; },
               [](auto*) {},
             },
             row.at(all));
}

result<const field*> find_limit(const std::string& name) {
  const auto& known = changeable_limits();
  if (std::find(known.begin(), known.end(), name) != known.end())
    return find_field(name);
  return fail(ec::bad_config, "'" + name
                                + "' is no limit that can be changed; these "
                                  "can: "
                                + joined(known));
}

} // namespace

const std::vector<std::string>& changeable_limits() {
  static const auto names = [] {
    std::vector<std::string> out;
    for (const auto& row : all_fields())
      if ((row.section == "limits" && row.type == field_type::rate)
          || (row.section == "budget" && row.type != field_type::text))
        out.push_back(row.name());
    return out;
  }();
  return names;
}

limit_overrides::limit_overrides(const redis_settings& redis,
                                 const queue_settings& queue)
  : connection_(redis),
    key_(queue_keys{queue.prefix, queue.name}.own() + "overrides") {}

result<std::vector<std::string>> limit_overrides::apply(settings& config) {
  auto stored = connection_.call({"HGETALL", key_});
  if (!stored)
    return std::move(stored.error());
  std::vector<std::string> out;
  for (size_t i = 0; i + 1 < (*stored)->elements; i += 2) {
    std::string name{text_in_reply(**stored, i)};
    auto row = find_limit(name);
    if (!row)
      continue; // of another version
    take_stored(**row, std::string{text_in_reply(**stored, i + 1)}, config);
    out.push_back(std::move(name));
  }
  return out;
}

status limit_overrides::change(const limit_changes& changes) {
  std::vector<std::string> set{"HSET", key_}, taken_back{"HDEL", key_};
  const auto empty = set.size();
  for (const auto& [name, value] : changes) {
    auto row = find_limit(name);
    if (!row)
      return std::move(row.error());
    if (value == default_word) {
      taken_back.push_back(name);
      continue;
    }
    settings read;
    if (auto written = write_field(**row, value, read); !written)
      return fail(ec::bad_config, name + ' ' + written.error().context);
    set.push_back(name);
    set.push_back(stored_text(**row, read));
  }
  for (const auto& command : {set, taken_back})
    if (command.size() > empty)
      if (auto done = connection_.call({command.begin(), command.end()}); !done)
        return std::move(done.error());
  return ok;
}

} // namespace darkroom
