/// The language between the codec process and its client.
///
///   frame     = head-size body-size head body
///   head-size = u32, little endian, <= max_head_bytes
///   body-size = u32, little endian, <= what the reader allows
///   head      = JSON object, UTF-8
///   body      = raw bytes
///
/// The body of a request is the encoded picture, which only `open` has. The
/// body of a response is its parts, one after the other; the head lists their
/// sizes. The client does not trust responses: it checks sizes, types and sums,
/// whatever has become of the child.
///
/// The answer to `decode` holds a small picture for marks, upright, on white.
/// A talk about one picture: `open`, then `analyse` or `decode`; after `decode`
/// any number of `encode`s, several at once, whose answers come in any order;
/// then `close`.
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
/// The largest variant of the largest picture allowed is below 100 MB.
inline constexpr uint32_t max_response_bytes = 268435456;
inline constexpr uint32_t frame_prefix_bytes = 8;

/// Begins a line on standard error that names a wall that the system lacks.
inline constexpr const char* no_wall = "the codec's sandbox is without ";

/// The operations of the codec process. The last three are diagnostic.
enum class codec_operation : uint8_t {
  open,    ///< reads the header: facts, and the memory that the rest takes
  analyse, ///< small raw picture, JPEG for the vision model
  decode,  ///< decodes the pixels that all `encode`s start from
  encode,  ///< one file
  close,   ///< forgets the picture; has no answer
  crash,   ///< dies of SIGSEGV
  hang,    ///< burns CPU until it is killed
  walls,   ///< lists the walls of its sandbox
};

/// "open", "analyse", …
const char* to_string(codec_operation operation);

/// A file to encode. `decode` reads only the box, which must hold the pixels of
/// all files that will be wanted.
struct encode_order {
  uint32_t number = 0; ///< comes back with the answer
  uint32_t width = 0;  ///< pixels; the box that the picture is shrunk into
  uint32_t height = 0; ///< pixels
  picture_fit fit = picture_fit::inside;
  picture_format format = picture_format::webp;
  std::string tune = "iq"; ///< of an AVIF: "iq", "ssim" or "psnr"
  uint32_t quality = 0;    ///< 1..100
  uint32_t effort = 0;     ///< WebP 0..6, AVIF 0..9
  uint32_t threads = 1;    ///< of an AVIF encoder, 1..64
};

struct codec_request {
  codec_operation operation = codec_operation::open;
  imaging_settings settings = {}; ///< limits and edges
  /// CPU time that it may use until the next `open`.
  std::chrono::milliseconds time{0};
  encode_order order = {};
  std::string picture = {}; ///< encoded bytes
};

/// The walls around the codec process, as text for people.
struct sandbox_report {
  std::vector<std::string> held;    ///< "Landlock 6"
  std::vector<std::string> missing; ///< "Landlock (Function not implemented)"
};

/// Filled according to the operation; only `problem` and `number` if it failed.
struct codec_response {
  error problem;       ///< ec::none if all went well
  uint32_t number = 0; ///< of the order that this answers
  picture_facts facts;
  uint64_t memory_bytes = 0; ///< what decoding will take at most
  raw_picture small;         ///< for analysers, or after `decode` for marks
  std::string vision_jpeg;
  encoded_file file;
  sandbox_report sandbox;
  std::string libraries; ///< with their versions; only `open` tells them
};

struct frame {
  std::string head;
  std::string body;
};

/// The eight bytes that come before a head and a body of these sizes.
std::string pack_prefix(uint32_t head_size, uint32_t body_size);

struct frame_sizes {
  uint32_t head = 0;
  uint32_t body = 0;
};

/// @param bytes must be frame_prefix_bytes long
/// @returns the sizes, or ec::protocol if one is above its limit.
result<frame_sizes> unpack_prefix(const std::string& bytes, uint32_t max_body);

/// The head of a request. The body, which the caller sends after it, is
/// `request.picture` or the same bytes from a file.
std::string pack_head(const codec_request& request);

/// @returns ec::protocol, naming the mistake, if the frame is not a request.
result<codec_request> unpack_request(frame from);

frame pack(const codec_response& response);

/// @returns ec::protocol, naming the mistake, if the frame is not a response.
result<codec_response> unpack_response(const frame& from);

} // namespace darkroom
