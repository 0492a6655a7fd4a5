# Script behind embed_files(): writes SOURCE and HEADER from the files in LIST.
# Bytes go out as a hex array, so any content is fine.
file(READ "${LIST}" files)
set(arrays "")
set(entries "")
set(index 0)
foreach(path IN LISTS files)
  get_filename_component(name "${path}" NAME)
  get_filename_component(folder "${path}" DIRECTORY)
  file(READ "${path}" hex HEX)
  if(INCLUDES)
    string(HEX "${INCLUDES}" marker)
    # An include line: marker, name, newline. Names end in ".lua" (2e6c7561).
    while(hex MATCHES "${marker}(([0-9a-f][0-9a-f])+)0a")
      string(REGEX MATCH "${marker}([2-7][0-9a-f])+0a" line "${hex}")
      string(LENGTH "${marker}" skip)
      string(SUBSTRING "${line}" ${skip} -1 rest)
      string(REGEX REPLACE "0a$" "" rest "${rest}")
      set(wanted "")
      string(REGEX MATCHALL ".." bytes "${rest}")
      foreach(byte IN LISTS bytes)
        math(EXPR code "0x${byte}")
        string(ASCII ${code} char)
        string(APPEND wanted "${char}")
      endforeach()
      string(STRIP "${wanted}" wanted)
      file(READ "${folder}/${wanted}" body HEX)
      string(REPLACE "${line}" "${body}" hex "${hex}")
    endwhile()
  endif()
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," array "${hex}")
  string(APPEND arrays "const unsigned char file_${index}[] = {${array}0};\n")
  string(APPEND entries
    "  {\"${name}\", reinterpret_cast<const char*>(file_${index}), sizeof(file_${index}) - 1},\n")
  math(EXPR index "${index} + 1")
endforeach()
file(WRITE "${HEADER}" "/// Files embedded at build time; made by cmake/embed.cmake.
#pragma once
#include <cstddef>
namespace darkroom::embedded::${NAMESPACE} {
struct file_entry {
  const char* name;
  const char* content; ///< zero-terminated
  std::size_t size;    ///< bytes without the zero
};
inline constexpr std::size_t file_count = ${index};
extern const file_entry files[];
} // namespace darkroom::embedded::${NAMESPACE}
")
file(WRITE "${SOURCE}" "#include \"embedded/${NAMESPACE}.hpp\"
namespace darkroom::embedded::${NAMESPACE} {
namespace {
${arrays}} // namespace
const file_entry files[] = {
${entries}  {nullptr, nullptr, 0}};
} // namespace darkroom::embedded::${NAMESPACE}
")
