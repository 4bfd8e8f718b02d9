# Headers that most files need are parsed once and not in every file. Rooms that know no GStreamer get a set of their
# own without it, so that an include of its headers still does not compile there.
option(DEID_PCH "Parse the most used headers once" ON)
# Parsed headers fit only files with the same predefined macros. Some packages ask for this option and some do not.
add_compile_options(-pthread)

set(DEID_PCH_PLAIN <algorithm> <array> <cmath> <cstdint> <filesystem> <fstream> <functional> <map> <memory> <optional>
  <span> <sstream> <stdexcept> <string> <vector> <opencv2/core.hpp> <opencv2/imgproc.hpp> <nlohmann/json.hpp>)
set(DEID_PCH_GSTREAMER ${DEID_PCH_PLAIN} <gst/gst.h> <gst/video/video.h>)

# deid_pch(name STATIC|EXECUTABLE headers... LINK libraries...): a target that other targets take parsed headers from.
function(deid_pch name kind)
  cmake_parse_arguments(PCH "" "" "HEADERS;LINK" ${ARGN})
  set(source ${CMAKE_BINARY_DIR}/pch/${name}.cpp)
  file(CONFIGURE OUTPUT ${source} CONTENT "int main() {}\n")
  if(kind STREQUAL "EXECUTABLE") # programs and libraries are compiled with different options
    add_executable(${name} EXCLUDE_FROM_ALL ${source})
  else()
    add_library(${name} STATIC EXCLUDE_FROM_ALL ${source})
  endif()
  target_link_libraries(${name} PRIVATE ${PCH_LINK} deid_warnings) # some warnings change which macros are predefined
  target_precompile_headers(${name} PRIVATE ${PCH_HEADERS})
endfunction()

if(DEID_PCH)
  deid_pch(deid_pch_plain STATIC HEADERS ${DEID_PCH_PLAIN} LINK deid_opencv nlohmann_json::nlohmann_json)
  deid_pch(deid_pch_gstreamer STATIC HEADERS ${DEID_PCH_GSTREAMER}
    LINK deid_opencv nlohmann_json::nlohmann_json PkgConfig::GST)
endif()

# deid_precompile(room): gives a room the set that fits it.
function(deid_precompile room)
  if(NOT DEID_PCH)
    return()
  endif()
  deid_first_gstreamer(found ${room})
  if(found)
    target_precompile_headers(${room} REUSE_FROM deid_pch_gstreamer)
  else()
    target_precompile_headers(${room} REUSE_FROM deid_pch_plain)
  endif()
endfunction()
