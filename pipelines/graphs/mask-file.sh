#!/bin/sh
# mask-file.sh IN OUT.mp4: covers every face of a video with a black box; the sound is left out.
exec gst-launch-1.0 -q -e filesrc location="$1" ! decodebin expose-all-streams=false 'caps="video/x-raw(ANY)"' ! video/x-raw ! queue ! videoconvert \
  ! videoflip video-direction=auto ! deidfacedetect ! queue ! deidfacemask shape=box ! queue \
  ! x264enc pass=qual quantizer=23 vbv-buf-capacity=0 speed-preset=veryfast ! mp4mux ! filesink location="$2"
