/// Tells which codec a node has: what it can do, and with which libraries.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/codec/codec_client.hpp"

#include <string>

namespace darkroom {

/// Starts a codec process, and has it write and read tiny pictures of all
/// formats that the settings name, unless this program did so on this machine
/// within the last ten minutes. Blocks; takes a tenth of a second of CPU.
/// @returns a text that is equal if the same picture gives the same files: the
///   version of libvips, and a hash of all libraries that decide about bytes;
///   ec::codec_crashed, naming what it cannot do, if jobs would fail
result<std::string>
codec_identity(const imaging_settings& settings,
               const std::string& program = default_codec_program());

} // namespace darkroom
