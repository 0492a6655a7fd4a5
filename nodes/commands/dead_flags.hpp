/// The flags of `darkroom dead`, and what they mean.
#pragma once

#include "nodes/command.hpp"
#include "services/redis/dead_letters.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace darkroom {

struct dead_flags {
  command_flags common;
  std::string action = "list";
  std::string id;
  std::string name;
  std::string error;
  std::optional<std::chrono::milliseconds> older;
  std::optional<std::chrono::milliseconds> newer;
  std::string rate;
  std::optional<uint64_t> limit;
  bool is_sure = false;
  bool is_json = false;
};

/// Has the command read them. They must live until it has run.
void add_dead_flags(CLI::App& command, dead_flags& flags);

/// @returns ec::bad_input naming the flag that is wrong
result<job_filter> filter_of(const dead_flags& flags, int64_t now);

/// The time between two jobs by `--rate`; 0 without the flag.
result<std::chrono::microseconds> pace_of(const std::string& rate);

/// Describes the chosen jobs, before something happens to them.
std::string asked(const dead_flags& flags);

/// Whether the flags choose all dead jobs.
bool is_everything(const dead_flags& flags);

} // namespace darkroom
