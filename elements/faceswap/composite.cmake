#Targets that are nobody, from several portraits.Knows no GStreamer.
deid_room(deid_faceswap_composite SOURCES composite.cpp composite_texture.cpp mesh_warp.cpp neutral.cpp LINK
              deid_faceswap_target)
