#include "services/redis/option_check.hpp"

#include "config/nearest.hpp"
#include "services/text/printable.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <map>

namespace darkroom {

namespace {

using nlohmann::json;

/// The largest number that JavaScript counts exactly.
constexpr double largest_number = 9007199254740991.0;
constexpr size_t longest_name = 60; ///< bytes of a name that is quoted

/// @returns what is wrong ("no whole number"), or nothing
using judge = std::string (*)(const json& value);
using judges = std::map<std::string, judge>;

std::string of_number(const json& value, double least, const char* otherwise) {
  if (!value.is_number())
    return otherwise;
  auto number = value.get<double>();
  auto is_whole = std::floor(number) == number;
  return is_whole && number >= least && number <= largest_number ? ""
                                                                 : otherwise;
}

std::string count(const json& value) {
  return of_number(value, 0, "is not a whole number from 0 on");
}

std::string limit(const json& value) {
  return of_number(value, -1, "is not a whole number from -1 on");
}

std::string boolean(const json& value) {
  return value.is_boolean() ? "" : "is neither true nor false";
}

std::string text(const json& value) {
  return value.is_string() ? "" : "is not a text";
}

std::string object(const json& value) {
  return value.is_object() ? "" : "is not a JSON object";
}

std::string share(const json& value) {
  return value.is_number() && value >= 0 && value <= 1
           ? ""
           : "is not a number from 0 to 1";
}

std::string backoff_type(const json& value) {
  if (value == "fixed" || value == "exponential")
    return "";
  auto given = value.is_string() ? value.get<std::string>() : "";
  return "is neither fixed nor exponential"
         + suggestion(given, {"fixed", "exponential"});
}

/// Checks the members of an object. @returns "delay is not …", or nothing
std::string members(const json& value, const judges& known) {
  std::vector<std::string> names;
  for (const auto& [name, unused] : known)
    names.push_back(name);
  for (const auto& [name, member] : value.items()) {
    auto found = known.find(name);
    if (found == known.end())
      return "'" + printable(name, longest_name) + "' is unknown"
             + suggestion(name, names);
    if (auto wrong = found->second(member); !wrong.empty())
      return name + " " + wrong;
  }
  return "";
}

std::string within(const json& value, const judges& known) {
  auto wrong = members(value, known);
  return wrong.empty() ? wrong : "is malformed: " + wrong;
}

std::string backoff(const json& value) {
  if (value.is_object())
    return within(
      value, {{"type", backoff_type}, {"delay", count}, {"jitter", share}});
  return count(value).empty() ? "" : "is neither ms nor {type, delay, jitter}";
}

std::string wrong_retention(const json& value) {
  if (value.is_object())
    return within(value, {{"age", limit}, {"count", limit}, {"limit", count}});
  auto is_plain = value.is_boolean() || limit(value).empty();
  return is_plain
           ? ""
           : "is not one of true, false, a whole number and {age, count, "
             "limit}";
}

std::string deduplication(const json& value) {
  if (!value.is_object())
    return object(value);
  return within(value, {{"id", text},
                        {"ttl", count},
                        {"extend", boolean},
                        {"replace", boolean},
                        {"reschedule", boolean},
                        {"keepLastIfActive", boolean}});
}

std::string parent(const json& value) {
  if (!value.is_object())
    return object(value);
  return within(value,
                {{"id", text}, {"queue", text}, {"waitChildrenKey", text}});
}

std::string repeat(const json&) {
  return "is not read here: make a job scheduler with a BullMQ client "
         "(Queue.upsertJobScheduler)";
}

const judges& options() {
  static const judges all{
    {"attempts", count},
    {"backoff", backoff},
    {"continueParentOnFailure", boolean},
    {"cpof", boolean},
    {"de", deduplication},
    {"deduplication", deduplication},
    {"delay", count},
    {"failParentOnFailure", boolean},
    {"fpof", boolean},
    {"idof", boolean},
    {"ignoreDependencyOnFailure", boolean},
    {"jobId", text},
    {"keepLogs", count},
    {"kl", count},
    {"lifo", boolean},
    {"parent", parent},
    {"priority", count},
    {"rdof", boolean},
    {"removeDependencyOnFailure", boolean},
    {"removeOnComplete", wrong_retention},
    {"removeOnFail", wrong_retention},
    {"repeat", repeat},
    {"sizeLimit", count},
    {"stackTraceLimit", count},
    {"telemetry", object},
    {"timestamp", count},
  };
  return all;
}

} // namespace

status check_options(const json& given) {
  auto wrong = given.is_object() ? members(given, options())
                                 : std::string{"no JSON object"};
  if (wrong.empty())
    return ok;
  return fail(ec::bad_input, "options: " + wrong);
}

} // namespace darkroom
