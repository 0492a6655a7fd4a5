# embed_files(TARGET NAMESPACE ns [INCLUDES marker] FILES file...)
#
# Makes a static library TARGET with the header `embedded/<ns>.hpp`, which gives
#   darkroom::embedded::<ns>: a `const file_entry files[]` of {name, content, size}
# A line that starts with the INCLUDES marker followed by a file name of the
# same folder is replaced by that file. Files are embedded at build time.
function(embed_files target)
  cmake_parse_arguments(arg "" "NAMESPACE;INCLUDES" "FILES" ${ARGN})
  set(out "${CMAKE_CURRENT_BINARY_DIR}/embedded")
  set(source "${out}/${arg_NAMESPACE}.cpp")
  set(header "${out}/include/embedded/${arg_NAMESPACE}.hpp")
  # CONFIGURE leaves an unchanged list alone: nothing is embedded again.
  file(CONFIGURE OUTPUT "${out}/${arg_NAMESPACE}.list" CONTENT "${arg_FILES}" @ONLY)
  add_custom_command(
    OUTPUT "${source}" "${header}"
    COMMAND "${CMAKE_COMMAND}"
      "-DLIST=${out}/${arg_NAMESPACE}.list" "-DNAMESPACE=${arg_NAMESPACE}"
      "-DINCLUDES=${arg_INCLUDES}" "-DSOURCE=${source}" "-DHEADER=${header}"
      -P "${PROJECT_SOURCE_DIR}/cmake/embed.cmake"
    DEPENDS ${arg_FILES} "${PROJECT_SOURCE_DIR}/cmake/embed.cmake"
      "${out}/${arg_NAMESPACE}.list"
    COMMENT "Embedding ${arg_NAMESPACE}"
    VERBATIM)
  add_library(${target} STATIC "${source}" "${header}")
  target_include_directories(${target} PUBLIC "${out}/include")
endfunction()
