/// The language between the codec process and its client.
///
///   frame     = head-size body-size head body
///   head-size = u32, little endian, <= max_head_bytes
///   body-size = u32, little endian, <= what the reader allows
///   head      = JSON object, UTF-8
///   body      = raw bytes
///
/// A request's body is the encoded picture. A response's body is its parts end
/// to end; the head lists their sizes. The client trusts no response: sizes,
/// types and sums are checked, whatever the child has become.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/codec/picture.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

inline constexpr uint32_t max_head_bytes = 65536; ///< real ones are < 3 KB
/// Six variants of the largest picture allowed are below 100 MB.
inline constexpr uint32_t max_response_bytes = 268435456;
inline constexpr uint32_t frame_prefix_bytes = 8;

/// How the codec process begins a line of standard error on each wall that the
/// system lacks.
inline constexpr const char* no_wall = "the codec's sandbox is without ";

/// What the codec process can be asked for. The last three are diagnostic.
enum class codec_operation : uint8_t {
  analyse,  ///< facts, small raw picture, JPEG for the vision model
  variants, ///< facts, six encoded files
  crash,    ///< dies of SIGSEGV
  hang,     ///< burns CPU until it is killed
  walls,    ///< what its sandbox is made of
};

/// "analyse", "variants", …
const char* to_string(codec_operation operation);

struct codec_request {
  codec_operation operation = codec_operation::analyse;
  imaging_settings settings;         ///< limits, qualities and edges
  std::chrono::milliseconds time{0}; ///< CPU time it may take
  std::string picture;               ///< encoded bytes
};

/// The walls around the codec process, in words for people.
struct sandbox_report {
  std::vector<std::string> held;    ///< "Landlock 6"
  std::vector<std::string> missing; ///< "Landlock (Function not implemented)"
};

/// Filled as the operation asks for; only `problem` if it failed.
struct codec_response {
  error problem; ///< ec::none if all went well
  picture_facts facts;
  raw_picture small;
  std::string vision_jpeg;
  std::vector<encoded_variant> variants;
  sandbox_report sandbox;
};

struct frame {
  std::string head;
  std::string body;
};

/// The eight bytes before a head and a body of these sizes.
std::string pack_prefix(uint32_t head_size, uint32_t body_size);

struct frame_sizes {
  uint32_t head = 0;
  uint32_t body = 0;
};

/// @param bytes frame_prefix_bytes of them
/// @returns the sizes, or ec::protocol if one is above its limit.
result<frame_sizes> unpack_prefix(const std::string& bytes, uint32_t max_body);

/// The head of a request; its body is `request.picture`, or bytes that the
/// caller sends after it.
std::string pack_head(const codec_request& request);

/// @returns ec::protocol, naming what is wrong, if the frame is no request.
result<codec_request> unpack_request(frame from);

frame pack(const codec_response& response);

/// @returns ec::protocol, naming what is wrong, if the frame is no response.
result<codec_response> unpack_response(const frame& from);

} // namespace darkroom
