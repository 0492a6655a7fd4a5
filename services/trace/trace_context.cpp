#include "services/trace/trace_context.hpp"

#include "services/json/json.hpp"
#include "services/text/hex.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace darkroom {

namespace {

constexpr size_t trace_digits = 32;
constexpr size_t span_digits = 16;
constexpr size_t parent_bytes = 55; // of version 00
constexpr size_t most_state = 512;  // the least that the standard has us keep
/// The carrier may also hold baggage: at most 8 KB by its standard.
constexpr size_t most_carrier = 16384;

bool is_lower_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == text.npos;
}

bool is_nonzero_hex(std::string_view text) {
  return is_lower_hex(text) && text.find_first_not_of('0') != text.npos;
}

/// Text that can be the value of a header.
bool is_header_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= ' ' && c <= '~'; });
}

template <size_t Bytes>
std::string random_digits() {
  // Safe to call again. Fails only if the system has no source of randomness.
  if (sodium_init() < 0)
    throw std::runtime_error("libsodium found no source of randomness");
  std::array<unsigned char, Bytes> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  bytes[0] |= 1; // never all zeros
  return to_hex(bytes.data(), bytes.size());
}

} // namespace

std::string random_trace_id() {
  return random_digits<trace_digits / 2>();
}

std::string random_span_id() {
  return random_digits<span_digits / 2>();
}

bool is_span_id(std::string_view text) {
  return text.size() == span_digits && is_nonzero_hex(text);
}

trace_context parse_trace(std::string_view parent, std::string_view state) {
  if (parent.size() < parent_bytes || parent[2] != '-' || parent[35] != '-'
      || parent[52] != '-')
    return {};
  auto version = parent.substr(0, 2);
  auto trace = parent.substr(3, trace_digits);
  auto span = parent.substr(36, span_digits);
  auto flags = parent.substr(53, 2);
  // A later version may go on after another dash.
  auto has_end = parent.size() == parent_bytes
                 || (version != "00" && parent[parent_bytes] == '-');
  if (!has_end || !is_lower_hex(version) || version == "ff"
      || !is_nonzero_hex(trace) || !is_nonzero_hex(span)
      || !is_lower_hex(flags))
    return {};
  auto low = flags[1] <= '9' ? flags[1] - '0' : flags[1] - 'a' + 10;
  trace_context out{std::string{trace}, std::string{span}, (low & 1) != 0};
  if (state.size() <= most_state && is_header_text(state))
    out.state = state;
  return out;
}

std::string traceparent_of(const trace_context& context) {
  return "00-" + context.trace_id + '-' + context.span_id
         + (context.is_sampled ? "-01" : "-00");
}

void add_trace_headers(const trace_context& context,
                       std::vector<std::string>& headers) {
  if (!context)
    return;
  headers.push_back("traceparent: " + traceparent_of(context));
  if (!context.state.empty())
    headers.push_back("tracestate: " + context.state);
}

trace_context read_carrier(std::string_view text) {
  if (text.empty() || text.size() > most_carrier)
    return {};
  if (text.front() != '{')
    return parse_trace(text);
  auto carrier = parse_json(text);
  return carrier ? parse_trace(text_member(*carrier, "traceparent"),
                               text_member(*carrier, "tracestate"))
                 : trace_context{};
}

std::string write_carrier(const trace_context& context) {
  if (!context)
    return {};
  nlohmann::json out{{"traceparent", traceparent_of(context)}};
  if (!context.state.empty())
    out["tracestate"] = context.state;
  return write_json(out);
}

} // namespace darkroom
