/// The rows of the table of settings, one function per section. Only the
/// fields*.cpp files include this; all other code uses `all_fields()`.
#pragma once

#include "config/field_row.hpp"

#include <cstdint>
#include <vector>

namespace darkroom {

// Units for bounds.
constexpr int64_t minute = 60000;  ///< ms
constexpr int64_t hour = 3600000;  ///< ms
constexpr int64_t day = 24 * hour; ///< ms
constexpr int64_t mib = 1 << 20;   ///< bytes
constexpr int64_t gib = 1 << 30;   ///< bytes

std::vector<field> redis_fields();
std::vector<field> queue_fields();
std::vector<field> limit_fields();
std::vector<field> budget_fields();
std::vector<field> job_fields();
std::vector<field> event_fields();
std::vector<field> notify_fields();
std::vector<field> fsck_fields();
std::vector<field> worker_fields();
std::vector<field> cluster_fields();
std::vector<field> supervision_fields();
std::vector<field> http_fields();
std::vector<field> storage_fields();
std::vector<field> catalog_fields();
std::vector<field> log_fields();
std::vector<field> trace_fields();
std::vector<field> imaging_fields();
std::vector<field> vision_fields();
std::vector<field> embedding_fields();

} // namespace darkroom
